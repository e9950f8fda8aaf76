//===- Workers.h - A process for each source ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Processes, not threads: one that crashes or hangs takes nothing with it, and
// is named in the ledger.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_WORKERS_H
#define VFIO_TOOLS_VFIOTIDY_WORKERS_H

#include "tools/vfio-tidy/Analysis.h"
#include "llvm/ADT/ArrayRef.h"
#include <functional>

namespace vfio::tidy {

struct WorkerOptions {
  unsigned Jobs = 1;
  unsigned TimeLimit = 0; ///< seconds for each source; 0: none
};

/// Calls \p Work for each of \p Files, each in a process of its own, and
/// returns the results in the order of \p Files. Shows a progress line where
/// standard error is a terminal. No other thread may be running.
std::vector<Analysis>
analyseAll(llvm::ArrayRef<std::string> Files, const WorkerOptions &Options,
           const std::function<Analysis(const std::string &)> &Work);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_WORKERS_H
