//===- StoryBranches.cpp - The branches that a step of a story is under ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Story.h"

using namespace clang;

namespace vfio {

llvm::SmallVector<std::pair<const Expr *, unsigned>, 4>
Story::conditionsOf(const StoryStep &S) const {
  llvm::SmallVector<std::pair<const Expr *, unsigned>, 4> Out;
  llvm::DenseSet<unsigned> Seen;
  auto Add = [&](unsigned Around, unsigned Frame) {
    for (; Around && Seen.insert(Around).second;
         Around = Branches[Around - 1].Around)
      if (!Branches[Around - 1].Always)
        Out.push_back({Branches[Around - 1].Condition, Frame});
  };
  const StoryStep *At = &S;
  while (true) {
    for (unsigned Left = At->LeftBy; Left; Left = WaysOut[Left - 1].Before)
      Add(WaysOut[Left - 1].Around, At->Frame);
    Add(At->Around, At->Frame);
    const auto &Of = Frames[At->Frame];
    if (!Of.Via)
      return Out;
    At = &Steps[Of.Step];
  }
}

/// True where \p Is holds of a branch around \p S, or around a call by which
/// the root comes there, or of one by which functions that the root calls are
/// left before.
template <typename Fn> bool Story::anyBranch(const StoryStep &S, Fn Is) const {
  for (const StoryStep *At = &S;; At = &Steps[Frames[At->Frame].Step]) {
    auto Any = [&](unsigned Around, bool Left) {
      for (unsigned In = Around; In; In = Branches[In - 1].Around)
        if (Is(Branches[In - 1], Left))
          return true;
      return false;
    };
    if (Any(At->Around, false))
      return true;
    if (!Frames[At->Frame].Via)
      return false;
    for (unsigned Out = At->LeftBy; Out; Out = WaysOut[Out - 1].Before)
      if (Any(WaysOut[Out - 1].Around, true))
        return true;
  }
}

bool Story::isInLoop(const StoryStep &S, const Stmt *But) const {
  return anyBranch(S, [&](const Branch &B, bool Left) {
    return B.Loops && !Left && B.By != But;
  });
}

const Stmt *Story::loopAround(const StoryStep &S) const {
  for (unsigned In = S.Around; In; In = Branches[In - 1].Around)
    if (Branches[In - 1].Loops)
      return Branches[In - 1].By;
  return nullptr;
}

/// True where \p Tree has \p Wanted in it, or calls \p F.
static bool asks(const Stmt *Tree, const Expr *Wanted, const FunctionDecl *F) {
  const auto *Call = dyn_cast<CallExpr>(Tree);
  const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
  return Tree == Wanted ||
         (Callee && F && Callee->getCanonicalDecl() == F->getCanonicalDecl()) ||
         llvm::any_of(Tree->children(), [&](const Stmt *Child) {
           return Child && asks(Child, Wanted, F);
         });
}

/// True where \p Tree, what a branch asks, has a number in it that \p F is
/// given.
static bool asksParameter(const Stmt *Tree, const FunctionDecl *F) {
  const auto *Ref = dyn_cast<DeclRefExpr>(Tree);
  const auto *Param = Ref ? dyn_cast<ParmVarDecl>(Ref->getDecl()) : nullptr;
  if (Param)
    return Param->getDeclContext() == F &&
           Param->getType()->isIntegralOrEnumerationType();
  return llvm::any_of(Tree->children(), [&](const Stmt *Child) {
    return Child && asksParameter(Child, F);
  });
}

bool Story::isUnderParameter(const StoryStep &S, bool OrLeft) const {
  auto Asks = [&](const Branch &B) {
    const auto *If = dyn_cast<IfStmt>(B.By);
    const auto *Switch = dyn_cast<SwitchStmt>(B.By);
    const Stmt *Asked = If ? If->getCond() : Switch ? Switch->getCond() : B.By;
    return asksParameter(Asked, Frames.front().F);
  };
  if (anyBranch(S,
                [&](const Branch &B, bool Left) { return !Left && Asks(B); }))
    return true;
  for (unsigned Out = OrLeft && S.Frame == 0 ? S.LeftBy : 0; Out;
       Out = WaysOut[Out - 1].Before)
    for (unsigned In = WaysOut[Out - 1].Around; In;
         In = Branches[In - 1].Around)
      if (Asks(Branches[In - 1]))
        return true;
  return false;
}

bool Story::isUnder(const StoryStep &S, const Expr *Operand) const {
  const FunctionDecl *In = Model.functionAt(Operand->getExprLoc());
  return anyBranch(S, [&](const Branch &B, bool) {
    const auto *If = dyn_cast<IfStmt>(B.By);
    return asks(If ? If->getCond() : B.By, Operand, In);
  });
}

} // namespace vfio
