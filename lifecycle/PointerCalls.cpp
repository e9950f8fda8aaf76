//===- PointerCalls.cpp - Calls through pointers and tables ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"

using namespace clang;

namespace vfio::flow {

/// So many functions of a table are compared.
static constexpr size_t MostTargets = 4;

/// What of \p Ends a rule can see of the objects and resources of a path.
static bool sameEnds(const States &A, const States &B) {
  auto Covers = [](const States &Some, const States &Others) {
    return llvm::all_of(Others, [&](const State &O) {
      return llvm::any_of(Some, [&](const State &S) { return S.sameLives(O); });
    });
  };
  return Covers(A, B) && Covers(B, A);
}

/// True where all of \p Targets do the same to what a rule looks at.
bool Calls::doTheSame(const CallExpr *Call,
                      llvm::ArrayRef<const FunctionDecl *> Targets,
                      llvm::ArrayRef<Value> Args, const State &S) {
  bool Outer = std::exchange(R.Trying, true);
  bool Same = true;
  States First;
  for (size_t I = 0; I < Targets.size() && Same; ++I) {
    States Ends = W.inlineCall(Call, Targets[I], Args, S);
    Same = !Ends.empty() && (I == 0 || sameEnds(First, Ends));
    if (I == 0)
      First = std::move(Ends);
  }
  R.Trying = Outer;
  return Same;
}

/// Through a pointer that leads to functions of the driver, wherever it comes
/// from. Which of several it is goes with what is not known here (the steps of
/// a table are called one after the other), so they must all do the same.
States Calls::execThroughPointer(const CallExpr *Call, State S) {
  const CallTargets::Set &May = R.outside().targets(Call);
  llvm::SmallVector<const FunctionDecl *, MostTargets> Targets;
  for (const FunctionDecl *F : May.Functions)
    if (const FunctionDecl *Def = Graphs.definition(F);
        Def && isWorthInlining(Def))
      Targets.push_back(Def);
  if (!May.Complete || Targets.empty() || Targets.size() > MostTargets ||
      Targets.size() != May.Functions.size())
    return execUnknown(Call, std::move(S));
  llvm::SmallVector<Value, 4> Args;
  for (const Expr *Arg : Call->arguments())
    Args.push_back(Eval.eval(Arg, S));
  if (Targets.size() > 1 && !doTheSame(Call, Targets, Args, S))
    return execUnknown(Call, std::move(S));
  States Out;
  for (const FunctionDecl *F : Targets)
    for (State &End : W.inlineCall(Call, F, Args, S))
      Out.push_back(std::move(End));
  return Out;
}

} // namespace vfio::flow
