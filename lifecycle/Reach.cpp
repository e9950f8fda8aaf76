//===- Reach.cpp - What a function may come to do -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Reach.h"
#include "contracts/ResourceTable.h"
#include "lifecycle/ASTVisitor.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace vfio {

/// What a call of \p F is by itself.
static uint8_t deedOf(const FunctionDecl *F) {
  if (!F->getIdentifier())
    return 0;
  uint8_t Out = mayItSleep(F->getName()) == Sleeps::No ? 0 : Reach::Sleeps;
  if (const ResourceRow *Row = findHolding(F->getName()))
    Out |= Row->Kind == ResourceKind::Lock ? Reach::Locks : Reach::Holds;
  if (findApi(F->getName()))
    Out |= Reach::Holds;
  return Out;
}

namespace {
/// The functions that a body names, to call them or to have them called.
struct NamedInBody : EvaluatedVisitor<NamedInBody> {
  llvm::SmallPtrSet<const FunctionDecl *, 16> Found;
  bool VisitDeclRefExpr(DeclRefExpr *Ref) ENGINE_OVERRIDE {
    if (const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl()))
      Found.insert(F->getCanonicalDecl());
    return true;
  }
  bool VisitVarDecl(VarDecl *Var) ENGINE_OVERRIDE {
    if (const auto *Cleanup = Var->getAttr<CleanupAttr>())
      Found.insert(Cleanup->getFunctionDecl()->getCanonicalDecl());
    return true;
  }
};
} // namespace

Reach::Reach(const TUModel &Model) {
  llvm::DenseMap<const FunctionDecl *,
                 llvm::SmallVector<const FunctionDecl *, 4>>
      Namers;
  llvm::DenseMap<const FunctionDecl *, uint8_t> OfKernel;
  std::vector<const FunctionDecl *> Work;
  for (const FunctionDecl *F : Model.Functions) {
    NamedInBody Body;
    Body.TraverseStmt(F->getBody());
    uint8_t &Own = Deeds[F->getCanonicalDecl()];
    for (const FunctionDecl *Named : Body.Found) {
      auto [It, New] = OfKernel.try_emplace(Named);
      if (New)
        It->second = deedOf(Named);
      Own |= It->second;
      Namers[Named].push_back(F->getCanonicalDecl());
    }
    if (!Model.isBrought(F))
      Own |= Own ? Here | Comes : Comes;
    if (Own)
      Work.push_back(F->getCanonicalDecl());
  }
  while (!Work.empty()) {
    const FunctionDecl *F = Work.back();
    Work.pop_back();
    uint8_t Its = Deeds.lookup(F);
    for (const FunctionDecl *Namer : Namers.lookup(F))
      if (uint8_t &All = Deeds[Namer]; Its & ~All) {
        All |= Its;
        Work.push_back(Namer);
      }
  }
}

} // namespace vfio
