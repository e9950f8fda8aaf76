//===- Interrupt.h - Ending in good order ---------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// However a program of ours ends, by Ctrl-C, for want of memory, at a full
// disk, it says so in one line, leaves no file half written, and no process
// behind.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INTERRUPT_H
#define VFIO_KBUILD_INTERRUPT_H

#include "llvm/ADT/StringRef.h"
#include <sys/types.h>

namespace vfio {

/// To be called first in main, before there is another thread. From then on,
/// SIGINT and SIGTERM end \p Program, with its processes and temporary folders,
/// in the status 130 or 143; what LLVM would end in a trace of its stack for
/// (no memory, no thread) is one line and status 1.
void startProgram(llvm::StringRef Program);

/// What status a worker of ours that ran out of memory ends in.
constexpr int OutOfMemoryStatus = 97;

/// In a process that was forked from ours: signals are as they were, lines of
/// the parent's are not printed, and its end is ours.
void startWorker();

/// Ends \p Program with the status 1 and a line where \p Status is good but
/// what it printed did not arrive. Else it is \p Status.
int checkOutput(int Status);

/// While one lives, no signal ends the program: for a write that must not be
/// broken off. Signals that came are obeyed when the last one dies.
class HoldInterrupts {
public:
  HoldInterrupts();
  ~HoldInterrupts();
  HoldInterrupts(const HoldInterrupts &) = delete;
  HoldInterrupts &operator=(const HoldInterrupts &) = delete;
};

/// Children that are ended with us, and folders that are removed.
void noteChild(pid_t Child);
void forgetChild(pid_t Child);
void noteTemporary(llvm::StringRef Folder);
void forgetTemporary(llvm::StringRef Folder);

} // namespace vfio

#endif // VFIO_KBUILD_INTERRUPT_H
