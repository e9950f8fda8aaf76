//===- MoveToInit.h - Private set-up moves to @init and @release ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second step of a migration. It works on a driver that is in the new
// model already and moves what lives and dies with the structure from probe to
// @init and from remove (and the error path) to @release, pairs together or
// not at all. Where anything is in doubt nothing moves: the first step's result
// stands on its own.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_MOVETOINIT_H
#define VFIO_REWRITER_MOVETOINIT_H

#include "rewriter/Result.h"
#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// What moved: the edits, and the steps that tell of it. No steps where nothing
/// moves; \c Why says what stays in probe, and what stands in the way.
struct Move {
  EditSet Edits;
  std::vector<Step> Steps;
  std::vector<Step> Bugs; ///< of the old code, that the move mends
  std::string Why;
  std::string Stays; ///< what stays by a statement that has a reason, and that
};

/// Plans the move for the driver of the structure \p RecordName in \p P.
Move moveToInit(const Program &P, llvm::StringRef RecordName, Target To);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_MOVETOINIT_H
