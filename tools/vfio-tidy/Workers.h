//===- Workers.h - Sources, each in a process ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_WORKERS_H
#define VFIO_TOOLS_VFIOTIDY_WORKERS_H

#include "tools/vfio-tidy/Analysis.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>
#include <vector>

namespace vfio::tidy {

/// Calls \p Work for each of \p Files, in processes with the session's limits;
/// the sources of a module have one, and each its own where that failed. What
/// ended without a result has the reason as its problem.
std::vector<Analysis>
analyseAll(llvm::ArrayRef<std::string> Files,
           llvm::function_ref<Analysis(const std::string &)> Work);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_WORKERS_H
