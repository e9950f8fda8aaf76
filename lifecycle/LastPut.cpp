//===- LastPut.cpp - What the last put of a device does -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/LastPut.h"
#include "contracts/Contract.h"
#include "lifecycle/ASTVisitor.h"
#include "llvm/ADT/SetVector.h"

using namespace clang;

namespace vfio {

namespace {
/// The functions that a statement calls by name.
class Callees : public EvaluatedVisitor<Callees> {
public:
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    if (const FunctionDecl *F = Call->getDirectCallee())
      Found.push_back(F);
    return true;
  }
  llvm::SmallVector<const FunctionDecl *, 8> Found;
};
} // namespace

/// The functions of the driver's that run from \p End on, that one first.
static llvm::SetVector<const FunctionDecl *> runFrom(const TUModel &Model,
                                                     const FunctionDecl *End) {
  llvm::SetVector<const FunctionDecl *> All;
  if (const FunctionDecl *F = Model.definition(End))
    All.insert(F);
  for (unsigned I = 0; I < All.size(); ++I) {
    Callees Calls;
    Calls.TraverseStmt(All[I]->getBody());
    for (const FunctionDecl *Callee : Calls.Found)
      if (const FunctionDecl *F = Model.definition(Callee))
        All.insert(F);
  }
  return All;
}

/// True where \p F finds the \p R around a device, by itself or by a function
/// that does just that.
static bool findsAround(const TUModel &Model, const FunctionDecl *F,
                        const RecordDecl *R) {
  Callees Calls;
  Calls.TraverseStmt(F->getBody());
  return llvm::any_of(Model.Containers, [&](const ContainerSite &C) {
    return C.Of.Record->getCanonicalDecl() == R->getCanonicalDecl() &&
           (C.In == F || llvm::any_of(Calls.Found, [&](const auto *Callee) {
              return Model.definition(Callee) == C.In &&
                     pointeeRecord(Callee->getReturnType());
            }));
  });
}

/// The structures that what ends a device frees around it, not others that it
/// frees on the way.
void LastPut::collect() {
  for (const FunctionDecl *End : Targets.in(lastPutMembers()))
    for (const FunctionDecl *F : runFrom(Model, End))
      for (const Site *S : Model.sitesIn(F))
        if (S->Api->Kind == Role::Free && S->Device.Record &&
            findsAround(Model, Model.definition(End), S->Device.Record.Record))
          Freed.insert(S->Device.Record.Record);
}

bool LastPut::frees(const RecordDecl *R) {
  if (!contractAtHand().DriverEnds)
    return true;
  if (!std::exchange(Collected, true))
    collect();
  return R && Freed.contains(R->getDefinition());
}

bool LastPut::isCounted(const RecordDecl *R) const {
  return llvm::any_of(Model.Sites, [&](const Site &S) {
    return S.Api->Kind == Role::GetDevice &&
           (!R || !S.Device.Record ||
            S.Device.Record.Record == R->getDefinition());
  });
}

const ParmVarDecl *LastPut::heldIn(const FunctionDecl *F) {
  for (const Contract::Parameter &P : contractAtHand().Held)
    if (P.Index < F->getNumParams() &&
        llvm::is_contained(Targets.in(P.Of), F->getCanonicalDecl()))
      return F->getParamDecl(P.Index);
  return nullptr;
}

} // namespace vfio
