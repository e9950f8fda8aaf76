//===- DeprecatedLifecycleCheck.h - The old model's functions -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_DEPRECATEDLIFECYCLECHECK_H
#define VFIO_CHECKS_DEPRECATEDLIFECYCLECHECK_H

#include "checks/DriverCheck.h"

namespace vfio::checks {

/// Finds the functions of the old model where the headers offer the new one.
///
/// docs/checks/deprecated-lifecycle.md
class DeprecatedLifecycleCheck : public DriverCheck {
public:
  DeprecatedLifecycleCheck(llvm::StringRef Name,
                           clang::tidy::ClangTidyContext *Context);
  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &Opts) override;

protected:
  void report(const TUModel &Model, clang::ASTContext &Context) override;

private:
  /// Also where the headers know only the old model.
  const bool WarnOnOldKernels;
};

} // namespace vfio::checks

#endif // VFIO_CHECKS_DEPRECATEDLIFECYCLECHECK_H
