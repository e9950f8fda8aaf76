//===- ProcessPool.h - A process for each piece of work -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Processes, not threads: one that crashes, hangs or grows takes nothing with
// it, and can be named.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PROCESSPOOL_H
#define VFIO_KBUILD_PROCESSPOOL_H

#include "llvm/ADT/ArrayRef.h"
#include <functional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// What a process may use. The limits are far above what the largest driver of
/// the kernel takes.
struct WorkLimits {
  static constexpr unsigned DefaultSeconds = 300, DefaultMegabytes = 4096;

  unsigned Jobs = 1;                     ///< processes at a time
  unsigned Seconds = DefaultSeconds;     ///< for each
  unsigned Megabytes = DefaultMegabytes; ///< of address space for each
};

enum class WorkEnd {
  Done,
  TooSlow,  ///< not done in time
  TooLarge, ///< wanted more memory than it may have
  Crashed,
  NotStarted ///< there is no process to be had
};

/// What became of a piece of work.
struct WorkResult {
  std::string Answer; ///< empty where it is not done
  WorkEnd End = WorkEnd::Done;
  std::string Why; ///< where it is not done: one clause
};

/// Calls \p Work with the index of each of \p Names, each time in a process of
/// its own with a large stack, and returns what it answers, in order. Shows a
/// progress line where standard error is a terminal. No other thread may be
/// running, but the one that waits for signals.
std::vector<WorkResult>
inProcesses(llvm::ArrayRef<std::string> Names, const WorkLimits &Limits,
            const std::function<std::string(size_t)> &Work);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_PROCESSPOOL_H
