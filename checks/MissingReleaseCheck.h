//===- MissingReleaseCheck.h - An ops table without .release --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_MISSINGRELEASECHECK_H
#define VFIO_CHECKS_MISSINGRELEASECHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {

/// Finds an ops table that the new model uses and that has no `.release`, in
/// the kernels whose core calls it without a NULL check.
///
/// docs/checks/missing-release.md
class MissingReleaseCheck : public DriverCheck {
public:
  using DriverCheck::DriverCheck;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;

private:
  void reportTable(const TUModel &Model, const OpsTable &Table,
                   const Site *User,
                   llvm::ArrayRef<const clang::FunctionDecl *> Forgotten);
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_MISSINGRELEASECHECK_H
