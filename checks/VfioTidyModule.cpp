//===- VfioTidyModule.cpp - Registers the checks with clang-tidy ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AllChecks.inc" // generated from Checks.def: the header of each check
#include "checks/Compat.h"
#include "checks/ContractCheck.h"

namespace vfio::checks {
namespace {

class VfioTidyModule : public clang::tidy::ClangTidyModule {
public:
  void
  addCheckFactories(clang::tidy::ClangTidyCheckFactories &Factories) override {
#define CHECK(STEM, NAME, GENERATIONS, FIXITS, SUMMARY)                        \
  Factories.registerCheck<STEM##Check>("vfio-" NAME);
#include "checks/Checks.def"
    for (const Contract &C : otherContracts())
      Factories.registerCheckFactory(
          ("lifecycle-" + C.Name).str(),
          [&C](llvm::StringRef Name, clang::tidy::ClangTidyContext *Context) {
            return std::make_unique<ContractCheck>(Name, Context, C);
          });
  }
};

clang::tidy::ClangTidyModuleRegistry::Add<VfioTidyModule>
    Registration("vfio-module", "Life-cycle checks for Linux VFIO drivers.");

} // namespace
} // namespace vfio::checks
