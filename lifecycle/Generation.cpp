//===- Generation.cpp - Which model the headers of a TU offer -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Generation.h"
#include "contracts/Contract.h"
#include "lifecycle/GlobalNames.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace vfio {

/// A declaration that somebody wrote; \p Name's implicit declaration by a call
/// is none.
static bool isDeclared(ASTContext &Ctx, llvm::StringRef Name) {
  for (const NamedDecl *D : globals(Ctx, Name))
    for (const Decl *Redecl : D->redecls())
      if (isa<FunctionDecl>(Redecl) && !Redecl->isImplicit())
        return true;
  return false;
}

Generation generationOf(ASTContext &Ctx) {
  // Other contracts know one model: the last put has core free the structure.
  if (!readsVfio())
    return isDeclared(Ctx, contractAtHand().Marker) ? Generation::CoreFrees
                                                    : Generation::Unknown;
  auto Has = [&](Role R) {
    return llvm::any_of(functionsOf(R), [&](llvm::StringRef Name) {
      return isDeclared(Ctx, Name);
    });
  };
  bool Old = Has(Role::InitGroupDev);
  if (Has(Role::AllocDevice)) {
    if (Old)
      return Generation::Transition;
    return Has(Role::FreeDevice) ? Generation::DriverFrees
                                 : Generation::CoreFrees;
  }
  if (Old)
    return Generation::GroupDev;
  return Has(Role::AddGroupDev) ? Generation::TooOld : Generation::Unknown;
}

llvm::StringRef describe(Generation G) {
  switch (G) {
  case Generation::Unknown:
    return "no VFIO headers";
  case Generation::TooOld:
    return "before 5.13";
  case Generation::GroupDev:
    return "group-dev (5.13 to 6.0)";
  case Generation::Transition:
    return "transition";
  case Generation::DriverFrees:
    return "driver-frees (6.1)";
  case Generation::CoreFrees:
    return "core-frees (6.2 and later)";
  }
  llvm_unreachable("a generation");
}

} // namespace vfio
