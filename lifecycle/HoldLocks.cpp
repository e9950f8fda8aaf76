//===- HoldLocks.cpp - Where nothing but locks is of interest -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Behind the call of a function that is not shown, anything may have been taken
// and given back; but a lock that is taken there is held. Such paths were
// nearly all of what large drivers cost. What a function does with locks where
// none is held is taken to be the same each time: it is followed there once.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Calls.h"
#include "lifecycle/HoldCalls.h"

using namespace clang;
using namespace engine;

namespace vfio {

/// Where a function that is not shown may have taken and given back anything,
/// only the locks that were taken since are of interest.
static void keepLocks(State &S) {
  S.Resources.eraseIf([](const auto &Item) {
    const ResourceRow *Row = rowOf(Item.second);
    return !Row || Row->Kind != ResourceKind::Lock;
  });
  S.GivenBack.clear();
  S.MayBeGiven.clear();
  S.Objects.clear();
  S.Guesses.clear();
  S.Elsewhere = Uncertain;
}

/// What sets a flag, or asks for one, by which a driver locks has few blocks.
static constexpr size_t FewBlocks = 8;

/// True where something of interest can come of \p F in \p S, in which only
/// locks are.
bool HoldCalls::mayHold(const FunctionDecl *F, const State &S) {
  bool MaySleep = !HandlerOf && S.Resources.empty();
  if (Can.of(F) & (Reach::Locks | (MaySleep ? 0 : Reach::Sleeps)))
    return true;
  const FlowGraph *G = W.graph(F);
  return !G || G->Order.size() <= FewBlocks;
}

/// True where only locks are of interest, and none is held.
static bool holdsNothing(const State &S) {
  return (S.Elsewhere & Uncertain) && S.Resources.empty();
}

/// True where \p F was followed from a state like \p S before, from no deeper,
/// and left no lock held: it is taken to do so again, whatever it is given.
bool HoldCalls::isBalanced(const FunctionDecl *F, const State &S) const {
  auto Known = Balanced.find(F);
  return Known != Balanced.end() && !HandlerOf && holdsNothing(S) &&
         Stack.size() >= Known->second;
}

States HoldCalls::execFollowed(const CallExpr *Call, const FunctionDecl *F,
                               State S) {
  llvm::SmallVector<Value, 4> Args;
  for (const Expr *Arg : Call->arguments())
    Args.push_back(Eval.eval(Arg, S));
  bool Nothing = !HandlerOf && holdsNothing(S);
  States Out = W.inlineCall(Call, F, Args, std::move(S));
  if (Nothing && !Out.empty() && W.complete() &&
      llvm::all_of(Out, holdsNothing)) {
    auto [Known, New] = Balanced.try_emplace(F, Stack.size());
    Known->second = std::min(Known->second, Stack.size());
  }
  return Out;
}

/// A function that has nothing to do with locks may write to what it is given.
States HoldCalls::execAside(const CallExpr *Call, State S) {
  Facts.PassOver.insert(Root);
  for (const Expr *Arg : Call->arguments()) {
    Value V = Eval.eval(Arg, S);
    if (V.isRef())
      writeOut(S, Call, V);
  }
  EntityId Result = Entities.result(Call, Eval.Context, QualType());
  S.retire(Result, Entities);
  S.Values[Call] = Value::ref(Result);
  return flow::one(std::move(S));
}

States HoldCalls::call(Walker &, const CallExpr *Call, State S) {
  States Out = exec(Call, std::move(S));
  auto IsUncertain = [](const State &End) { return End.Elsewhere & Uncertain; };
  if (!HandlerOf && !(Can.of(Root) & Reach::Locks))
    llvm::erase_if(Out, IsUncertain);
  for (State &End : Out)
    if (IsUncertain(End))
      keepLocks(End);
  return Out;
}

} // namespace vfio
