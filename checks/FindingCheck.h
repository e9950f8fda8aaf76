//===- FindingCheck.h - A check that words what the engine found ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The path engine has done the work when such a check is asked: it says which
// findings are its own, what is wrong, why it matters in this kernel, and what
// the fix is.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_FINDINGCHECK_H
#define VFIO_CHECKS_FINDINGCHECK_H

#include "checks/DriverCheck.h"
#include <optional>

namespace vfio::checks {

/// A diagnostic in words.
struct Wording {
  std::string Message;
  llvm::SmallVector<clang::FixItHint, 2> Fixes;
};

/// Base of the checks over the path engine's findings.
class FindingCheck : public DriverCheck {
public:
  using DriverCheck::DriverCheck;

protected:
  /// Words \p F; nothing where it is another check's.
  virtual std::optional<Wording> wordFinding(const Finding &F,
                                             const TUModel &Model) = 0;
  void report(const TUModel &Model, clang::ASTContext &Context) override;

private:
  void addNotes(const Finding &F);
  void explainSilence(const TUModel &Model);
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_FINDINGCHECK_H
