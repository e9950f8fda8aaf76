//===- RunChecks.h - All vfio-* checks over a parsed TU -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RUNCHECKS_H
#define VFIO_REWRITER_RUNCHECKS_H

#include "lifecycle/PathEngine.h"
#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// A finding of a check.
struct CheckFinding {
  /// A part of the fix-it: \c Length bytes at \c Offset become \c Text.
  struct Replacement {
    std::string File; ///< absolute, real
    unsigned Offset, Length;
    std::string Text;
  };
  std::string Check; ///< "vfio-lifecycle"
  std::string Message;
  Place Where;
  /// The driver's function that it is in; null where it is in none.
  const clang::FunctionDecl *In;
  std::vector<Replacement> Fix; ///< empty where the check offers none
};

/// What the vfio-* checks say of \p U, with NOLINT comments honoured: the
/// checks of clang-tidy's registry, so the program must have them linked in.
std::vector<CheckFinding> runChecks(const Unit &U);

/// True where the paths of \p U have a finding of \p Kind in the line of \p F.
bool isOfKind(const Unit &U, const CheckFinding &F, FindingKind Kind);

/// True for a finding that is about another device than that of \p D.
bool isOthers(const CheckFinding &F, const OldDriver &D);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RUNCHECKS_H
