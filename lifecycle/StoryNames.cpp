//===- StoryNames.cpp - What an expression of a story names ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/KernelTable.h"
#include "lifecycle/Story.h"

using namespace clang;

namespace vfio {

const MemberExpr *memberOf(const Expr *E) {
  while (true) {
    E = E->IgnoreParens();
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      E = A->getBase()->IgnoreParenImpCasts();
    else
      return dyn_cast<MemberExpr>(E);
  }
}

/// The argument that \p Call gives for \p Param of \p F; null where there is
/// none.
static const Expr *argumentFor(const CallExpr *Call, const FunctionDecl *F,
                               const ParmVarDecl *Param) {
  for (unsigned I = 0; I < F->getNumParams() && I < Call->getNumArgs(); ++I)
    if (F->getParamDecl(I) == Param)
      return Call->getArg(I);
  return nullptr;
}

const Expr *Story::sourceOf(const Expr *E, unsigned Frame) const {
  while (const VarDecl *Var = namedVar(E)) {
    const auto *Param = dyn_cast<ParmVarDecl>(Var);
    const auto &At = Frames[Frame];
    const Expr *Given =
        Param && At.Via ? argumentFor(At.Via, At.F, Param) : nullptr;
    if (!Given)
      break;
    E = Given;
    Frame = At.Parent;
  }
  return E;
}

/// What \p Var has in \p Frame, which becomes the frame that this is in: the
/// argument for a parameter; null where that is not known.
const Expr *Story::valueOf(const VarDecl *Var, unsigned &Frame) const {
  const auto *Param = dyn_cast<ParmVarDecl>(Var);
  if (!Param)
    return onlyValueOf(Var);
  const auto &At = Frames[Frame];
  Frame = At.Parent;
  return At.Via ? argumentFor(At.Via, At.F, Param) : nullptr;
}

const MemberExpr *Story::memberBehind(const Expr *Pointer,
                                      unsigned Frame) const {
  const Expr *E = Pointer;
  for (unsigned Step = 0; E && Step < 40; ++Step) {
    E = strip(E);
    // `x->slots + 1`, of an array
    if (const auto *BO = dyn_cast<BinaryOperator>(E);
        BO && BO->isAdditiveOp()) {
      E = BO->getLHS()->getType()->isPointerType() ? BO->getLHS()
                                                   : BO->getRHS();
      continue;
    }
    if (const MemberExpr *M = memberOf(E); M && M->getType()->isArrayType())
      return M;
    if (const auto *UO = dyn_cast<UnaryOperator>(E)) {
      const Expr *Sub = UO->getSubExpr()->IgnoreParens();
      const auto *Inner = dyn_cast<UnaryOperator>(Sub);
      if (UO->isIncrementDecrementOp())
        E = Sub;
      else if (UO->getOpcode() != UO_AddrOf)
        return nullptr;
      else if (Inner && Inner->getOpcode() == UO_Deref)
        E = Inner->getSubExpr(); // `&*p`
      else
        return memberOf(Sub);
      continue;
    }
    const VarDecl *Var = namedVar(E);
    if (!Var)
      return nullptr;
    E = valueOf(Var, Frame);
  }
  return nullptr;
}

Named Story::nameOf(const Expr *E, unsigned Frame, bool Own) const {
  Named Out;
  for (unsigned Step = 0; E && Step < 40; ++Step) {
    E = strip(E);
    if (std::optional<ContainerOf> C = matchContainerOf(E, Model.Ctx)) {
      E = C->Ptr;
      continue;
    }
    if (const auto *UO = dyn_cast<UnaryOperator>(E);
        UO && (UO->getOpcode() == UO_AddrOf || UO->getOpcode() == UO_Deref)) {
      Out.Address |= !Out.Field && UO->getOpcode() == UO_AddrOf;
      E = UO->getSubExpr();
      continue;
    }
    if (const auto *A = dyn_cast<ArraySubscriptExpr>(E)) {
      E = A->getBase();
      continue;
    }
    if (const auto *M = dyn_cast<MemberExpr>(E)) {
      const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl());
      if (!Out.Field && Field && !Field->isAnonymousStructOrUnion() &&
          (!Own || Model.isDriverFile(Field->getLocation())))
        Out.Field = Field;
      if (Field && Model.isDriverFile(Field->getLocation()))
        Out.Outer = Field;
      E = M->getBase();
      continue;
    }
    if (const auto *Call = dyn_cast<CallExpr>(E)) {
      const FunctionDecl *F = Call->getDirectCallee();
      // A lock that is passed through a type check.
      if (F && F->getIdentifier() &&
          kernelDeed(F->getName()) == KernelDeed::Passes &&
          Call->getNumArgs()) {
        E = Call->getArg(0);
        continue;
      }
      Out.RootCall = Call;
      return Out;
    }
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Var)
      return Out;
    Out.Root = Var;
    E = valueOf(Var, Frame);
  }
  return Out;
}

} // namespace vfio
