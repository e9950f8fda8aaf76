//===- DeprecatedLifecycleCheck.cpp - The old model's functions -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/DeprecatedLifecycleCheck.h"

using namespace clang;

namespace vfio::checks {

DeprecatedLifecycleCheck::DeprecatedLifecycleCheck(
    StringRef Name, tidy::ClangTidyContext *Context)
    : DriverCheck(Name, Context),
      WarnOnOldKernels(Options.get("WarnOnOldKernels", false)) {}

void DeprecatedLifecycleCheck::storeOptions(
    tidy::ClangTidyOptions::OptionMap &Opts) {
  Options.store(Opts, "WarnOnOldKernels", WarnOnOldKernels);
}

/// What stands for \p Old in the new model.
static StringRef successorOf(Role Old) {
  switch (Old) {
  case Role::InitGroupDev:
    return "vfio_alloc_device";
  case Role::PciInitDevice:
    return "vfio_alloc_device' with '.init = vfio_pci_core_init_dev";
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    return "vfio_put_device";
  default:
    return "";
  }
}

void DeprecatedLifecycleCheck::report(const TUModel &Model,
                                      ASTContext &Context) {
  bool Offered = hasNewModel(Model.Gen);
  if (!Offered && !(WarnOnOldKernels && Model.Gen == Generation::GroupDev))
    return;
  for (const Site &S : Model.Sites) {
    StringRef Successor = successorOf(S.Api->Kind);
    if (Successor.empty())
      continue;
    diag(S.Call->getExprLoc(),
         Offered ? "'%0' belongs to the old life cycle; use '%1', or let "
                   "vfio-migrate convert the driver"
                 : "'%0' is gone from kernel 6.1 on, where '%1' takes its "
                   "place; vfio-migrate can convert the driver")
        << S.Api->Name << Successor;
  }
}

} // namespace vfio::checks
