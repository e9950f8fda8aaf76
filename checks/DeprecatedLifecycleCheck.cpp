//===- DeprecatedLifecycleCheck.cpp - The old model's functions -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/DeprecatedLifecycleCheck.h"
#include "checks/HalfMigrated.h"
#include "checks/SourceText.h"

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

/// What to do with the call \p S of a driver that is half migrated.
static std::string halfMigrated(const Site &S) {
  std::string Name = nameOf(S.Device.Record.Record);
  switch (S.Api->Kind) {
  case Role::InitGroupDev:
    return "half migrated: 'vfio_alloc_device' has initialised " + Name +
           " already; drop this call";
  case Role::PciInitDevice:
    return "half migrated: 'vfio_alloc_device' has initialised " + Name +
           " already; drop this call, and have it done by '.init = "
           "vfio_pci_core_init_dev' and '.release = "
           "vfio_pci_core_release_dev' in the ops table";
  default:
    return "half migrated: " + Name +
           " comes from 'vfio_alloc_device', so 'vfio_put_device' alone ends "
           "it; drop this call where there is a put, else put here";
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
    if (isHalfMigrated(Model, S.Device.Record.Record)) {
      diag(S.Call->getExprLoc(), "%0") << halfMigrated(S);
      continue;
    }
    diag(S.Call->getExprLoc(),
         Offered ? "'%0' belongs to the old life cycle; use '%1', or let "
                   "vfio-migrate convert the driver"
                 : "'%0' is gone from kernel 6.1 on, where '%1' takes its "
                   "place; vfio-migrate can convert the driver")
        << S.Api->Name << Successor;
  }
}

} // namespace vfio::checks
