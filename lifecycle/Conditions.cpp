//===- Conditions.cpp - What a step of a story depends on -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Conditions.h"

using namespace clang;

namespace vfio {

static void add(Asked &Out, const TUModel &Model, const Story &Told,
                const Expr *E, unsigned Frame, unsigned Depth) {
  E = E && Depth < 20 ? strip(Told.sourceOf(strip(E), Frame)) : nullptr;
  auto Inner = [&](const Expr *Part) {
    add(Out, Model, Told, Part, Frame, Depth + 1);
  };
  Expr::EvalResult Known;
  if (!E) {
    Out.Else = true;
  } else if (const auto *UO = dyn_cast<UnaryOperator>(E);
             UO && UO->getOpcode() != UO_AddrOf) {
    // `READ_ONCE(x->on)`
    const MemberExpr *M = UO->getOpcode() == UO_Deref
                              ? Told.memberBehind(UO->getSubExpr(), Frame)
                              : nullptr;
    if (const auto *Field =
            M ? dyn_cast<FieldDecl>(M->getMemberDecl()) : nullptr)
      Out.Members.push_back(Field->getCanonicalDecl());
    else
      Inner(UO->getSubExpr());
  } else if (const auto *BO = dyn_cast<BinaryOperator>(E)) {
    Inner(BO->getLHS());
    Inner(BO->getRHS());
  } else if (const auto *M = dyn_cast<MemberExpr>(E)) {
    if (const auto *Field = dyn_cast<FieldDecl>(M->getMemberDecl()))
      Out.Members.push_back(Field->getCanonicalDecl());
  } else if (const VarDecl *Var = namedVar(E)) {
    if (Var->hasGlobalStorage())
      Out.Globals.push_back(Var->getCanonicalDecl());
    else
      Inner(Told.onlyValueOf(Var));
  } else if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *F = Call->getDirectCallee();
    (!F || Model.definition(F) ? Out.Called : Out.Else) = true;
    // `test_bit(0, &x->flags)`
    for (const Expr *Arg : Call->arguments())
      if (Named N = Told.nameOf(Arg, Frame); N.Field)
        Out.Members.push_back(N.Field->getCanonicalDecl());
  } else if (!E->EvaluateAsInt(Known, Model.Ctx)) {
    Out.Else = true;
  }
}

Asked askedBefore(const TUModel &Model, const Story &Told, const StoryStep &S) {
  Asked Out;
  for (const auto &[E, Frame] : Told.conditionsOf(S))
    add(Out, Model, Told, E, Frame, 0);
  return Out;
}

bool touches(const Story &Told, const FieldDecl *Field, bool OnlyWrites) {
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    return S.Field && S.Field->getCanonicalDecl() == Field &&
           (!OnlyWrites || S.What == StoryStep::Write ||
            S.What == StoryStep::Address);
  });
}

} // namespace vfio
