//===- Ledger.h - What became of every source ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_LEDGER_H
#define VFIO_TOOLS_VFIOTIDY_LEDGER_H

#include "tools/vfio-tidy/Session.h"

namespace vfio::tidy {

/// Prints a line for each thing that was not found out, or not reported.
void listUnsaid(const Session &S);

/// Prints what was skipped or failed, and the closing line. Returns the exit
/// status of a run over folders: 2 with findings, else 1 where something failed
/// (\p TidyStatus is clang-tidy's own), else 0.
int closeLedger(Session &S, int TidyStatus);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_LEDGER_H
