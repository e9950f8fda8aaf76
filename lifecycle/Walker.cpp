//===- Walker.cpp - One function, all its paths ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Walker.h"
#include "lifecycle/Owners.h"

using namespace clang;

namespace vfio::flow {

/// A function in progress: what waits at each block, what was there already.
struct Walker::Walk {
  const FlowGraph &G;
  std::map<unsigned, States> Pending; ///< by rank, so that joins see all sides
  std::vector<States> Seen;           ///< by rank
  States Done;

  explicit Walk(const FlowGraph &G) : G(G), Seen(G.Order.size()) {}
  unsigned rank(const CFGBlock *B) const { return G.Rank[B->getBlockID()]; }
};

Walker::Walker(const TUModel &Model, FlowGraphs &Graphs, EntityTable &Entities,
               Rules &R, const PathLimits &Limits)
    : Model(Model), Graphs(Graphs), Entities(Entities), R(R), Limits(Limits),
      Eval(Model.Ctx, Entities, R) {}

States Walker::walk(const FunctionDecl *F, State In) {
  const FlowGraph *G = Graphs.graph(F);
  if (!G) {
    Complete = false;
    return {};
  }
  Active.push_back(F->getCanonicalDecl());
  const FunctionDecl *Outer = R.In;
  R.In = F;
  Walk W(*G);
  enterBlock(W, &G->Graph->getEntry(), std::move(In));
  while (!W.Pending.empty()) {
    auto First = W.Pending.begin();
    const CFGBlock *B = G->Order[First->first];
    States Now = std::move(First->second);
    W.Pending.erase(First);
    for (State &S : Now) {
      if (B == &G->Graph->getExit()) {
        W.Done.push_back(std::move(S));
        continue;
      }
      States Inside;
      Inside.push_back(std::move(S));
      for (const CFGElement &Element : *B) {
        States Next;
        for (State &One : Inside)
          for (State &Out : execElement(W, Element, std::move(One)))
            Next.push_back(std::move(Out));
        Inside = std::move(Next);
      }
      if (B->hasNoReturnElement())
        continue;
      for (State &One : Inside)
        leaveBlock(W, B, std::move(One));
    }
  }
  R.In = Outer;
  Active.pop_back();
  return std::move(W.Done);
}

/// Lets \p S wait at \p B, merged with what waits there, unless it brings
/// nothing new.
void Walker::enterBlock(Walk &W, const CFGBlock *B, State S) {
  unsigned Rank = W.rank(B);
  States &Seen = W.Seen[Rank];
  for (State &Old : Seen)
    if (Old.sameProperty(S)) {
      State Merged = Old;
      Merged.merge(S, B, Entities);
      if (Merged == Old)
        return;
      Old = Merged;
      for (State &Waiting : W.Pending[Rank])
        if (Waiting.sameProperty(Merged)) {
          Waiting = std::move(Merged);
          return;
        }
      W.Pending[Rank].push_back(std::move(Merged));
      return;
    }
  if (Seen.size() >= Limits.StatesPerBlock || Steps >= Limits.Steps) {
    Complete = false;
    return;
  }
  Seen.push_back(S);
  W.Pending[Rank].push_back(std::move(S));
}

//===-- Branches ----------------------------------------------------------===//

/// The operand that was evaluated last and decides the branch: of `a && b` at
/// the `if`, that is b.
static const Expr *decidingOperand(const Expr *E) {
  E = E->IgnoreParens();
  while (const auto *BO = dyn_cast<BinaryOperator>(E)) {
    if (!BO->isLogicalOp())
      break;
    E = BO->getRHS()->IgnoreParens();
  }
  return E;
}

void Walker::forgetUsed(Walk &W, const Stmt *User, State &S) {
  auto It = W.G.LastUse.find(User);
  if (It == W.G.LastUse.end())
    return;
  for (const Expr *E : It->second) {
    if (E != User)
      S.Values.erase(E);
    S.Choices.erase(E);
  }
}

void Walker::leaveBlock(Walk &W, const CFGBlock *B, State S) {
  const Stmt *T = B->getTerminatorStmt();
  if (const auto *Switch = dyn_cast_or_null<SwitchStmt>(T))
    return branchSwitch(W, B, Switch, std::move(S));
  const auto *Condition =
      dyn_cast_or_null<Expr>(T ? B->getTerminatorCondition() : nullptr);
  if (Condition && B->succ_size() == 2)
    return branchOn(W, B, Condition, std::move(S));
  S.Values.eraseIf(
      [&](const auto &Item) { return !W.G.Carried.contains(Item.first); });
  for (const CFGBlock::AdjacentBlock &Next : B->succs())
    if (const CFGBlock *To = Next.getReachableBlock())
      enterBlock(W, To, S);
}

void Walker::branchOn(Walk &W, const CFGBlock *B, const Expr *Condition,
                      State S) {
  // The whole of it, where the paths of its operands have met again.
  Condition = Condition->IgnoreParens();
  const Expr *Operand =
      W.G.Carried.contains(Condition) ? Condition : decidingOperand(Condition);
  Value V = Eval.eval(Operand, S);
  const auto *Operator =
      dyn_cast<Expr>(B->getTerminatorStmt()); // `?:`, `&&` or `||` itself
  bool Records = Operator && W.G.Carried.contains(Operator);
  forgetUsed(W, Condition, S);
  S.Values.erase(Condition);
  S.Values.eraseIf(
      [&](const auto &Item) { return !W.G.Carried.contains(Item.first); });
  R.branched(S, V, Operand);
  State Ways[] = {S, S}; // false, true
  bool Can[] = {Eval.assume(V, false, Ways[0]), Eval.assume(V, true, Ways[1])};
  if (Can[0] && Can[1] && V.Id) {
    for (bool Truth : {false, true}) {
      R.guessed(Ways[Truth], V, Operand);
      R.told(Ways[Truth], V, Operand, Truth ? 1 : 2, 3);
    }
  }
  auto Next = B->succ_begin();
  for (bool Truth : {true, false}) {
    const CFGBlock *To = (Next++)->getReachableBlock();
    State &Way = Ways[Truth];
    if (!To || !Can[Truth])
      continue;
    if (Records)
      Way.Choices[Operator] = Truth;
    if (!V.isNumber()) {
      Way.LastBranch = Operand;
      Way.LastBranchTaken = Truth;
    }
    enterBlock(W, To, std::move(Way));
  }
}

void Walker::branchSwitch(Walk &W, const CFGBlock *B, const SwitchStmt *Switch,
                          State S) {
  const Expr *Condition = Switch->getCond();
  Value V = Eval.eval(Condition, S);
  S.Values.eraseIf(
      [&](const auto &Item) { return !W.G.Carried.contains(Item.first); });
  R.consulted(S, V);
  if (V.Id)
    R.guessed(S, V, Condition);
  bool Matched = false;
  State Rest = S; // what no case label has taken
  const CFGBlock *Default = nullptr;
  // Of more than 31 ways, not all are ever known to have met again.
  uint32_t Bit = 1, All = B->succ_size() < 32 ? (1u << B->succ_size()) - 1 : 0;
  auto Take = [&](const CFGBlock *To, State Way) {
    if (V.Id)
      R.told(Way, V, Condition, Bit, All);
    enterBlock(W, To, std::move(Way));
    Bit <<= 1;
  };
  for (const CFGBlock::AdjacentBlock &Next : B->succs()) {
    const CFGBlock *To = Next.getReachableBlock();
    const auto *Case =
        To ? dyn_cast_or_null<CaseStmt>(To->getLabel()) : nullptr;
    if (!Case) {
      if (To)
        Default = To; // the default label, or the way past all cases
      continue;
    }
    Value L = Eval.eval(Case->getLHS(), S);
    State Way = S;
    if (Case->getRHS() || !L.isNumber()) {
      Take(To, std::move(Way));
      continue;
    }
    Value Same = Eval.compare(BO_EQ, V, L, false, Way);
    Matched |= !Eval.assume(Same, false, Rest);
    if (Eval.assume(Same, true, Way))
      Take(To, std::move(Way));
  }
  if (Default && !Matched)
    Take(Default, std::move(Rest));
}

//===-- Statements --------------------------------------------------------===//

States Walker::execElement(Walk &W, const CFGElement &Element, State S) {
  if (++Steps > Limits.Steps) {
    Complete = false;
    return {};
  }
  if (auto Cleanup = Element.getAs<CFGCleanupFunction>())
    return execCleanup(Cleanup->getVarDecl(), Cleanup->getFunctionDecl(),
                       std::move(S));
  States Out;
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement) {
    Out.push_back(std::move(S));
    return Out;
  }
  const Stmt *St = Statement->getStmt();
  if (const auto *Call = dyn_cast<CallExpr>(St)) {
    Out = execCall(Call, std::move(S));
    for (State &One : Out)
      forgetUsed(W, Call, One);
    return Out;
  }
  if (const auto *D = dyn_cast<DeclStmt>(St)) {
    execDecl(D, S);
  } else if (const auto *Ret = dyn_cast<ReturnStmt>(St)) {
    S.Return = Ret->getRetValue() ? Eval.eval(Ret->getRetValue(), S) : Value();
    S.ReturnedAt = Ret;
  } else if (const auto *E = dyn_cast<Expr>(St)) {
    S.Values.erase(E->IgnoreParens()); // of the last time round a loop
    Value V = Eval.eval(E, S);
    S.Values[E->IgnoreParens()] = V;
  }
  forgetUsed(W, St, S);
  Out.push_back(std::move(S));
  return Out;
}

void Walker::execDecl(const DeclStmt *D, State &S) {
  for (const Decl *One : D->decls()) {
    const auto *Var = dyn_cast<VarDecl>(One);
    if (!Var || Var->hasGlobalStorage())
      continue;
    Place P{Entities.variable(Var), 0};
    // A declaration in a loop makes a new variable each time round.
    S.Store.eraseIf([&](const auto &Item) { return Item.first.Id == P.Id; });
    if (!Var->hasInit()) {
      if (Var->getType()->isScalarType())
        S.Store[P] = Eval.fresh(Var, P, S);
      continue;
    }
    const Expr *Init = Var->getInit();
    if (Var->getType()->isScalarType()) {
      Value V = Eval.eval(Init, S);
      if (V.isUnknown())
        V = Eval.fresh(Init, P, S);
      Eval.store(P, V, S);
      continue;
    }
    // What an aggregate is made of may travel anywhere with it.
    if (const auto *List = dyn_cast<InitListExpr>(Init))
      for (const Expr *Member : List->inits())
        if (Member && Member->getType()->isPointerType())
          R.stored(S, Place(), Eval.eval(Member, S));
  }
}

//===-- Roots -------------------------------------------------------------===//

/// The probe function of the driver whose remove function \p F is; null where
/// drivers with different ones share it.
static const FunctionDecl *probeOf(const TUModel &Model,
                                   const FunctionDecl *F) {
  const FunctionDecl *Probe = nullptr;
  for (const BusDriver &B : Model.BusDrivers) {
    if (!B.Remove || B.Remove->getCanonicalDecl() != F->getCanonicalDecl())
      continue;
    if (!B.Probe || (Probe && Probe != B.Probe->getCanonicalDecl()))
      return nullptr;
    Probe = B.Probe->getCanonicalDecl();
  }
  return Probe;
}

/// The first parameter of a callback is the device: its own in @init and
/// @release, one that is registered in all others.
void Walker::startFromDevice(const FunctionDecl *F, State &S) {
  bool Own = R.At.P != Part::Callback;
  if (Own ? F->getNumParams() != 1 : F->getNumParams() == 0)
    return;
  const ParmVarDecl *Param = F->getParamDecl(0);
  if (!Param->getType()->isPointerType())
    return;
  EntityId Device = Entities.loaded({Entities.variable(Param), 0},
                                    Param->getType()->getPointeeType());
  S.Store[{Entities.variable(Param), 0}] = Value::ref(Device);
  S.Known[Device] = Positive;
  S.Objects[Device].set(Own ? Object::Self : Object::Assumed);
  if (!Own)
    return;
  R.At.Self = Device;
  Owners Known = ownersOfParam(Model, F, Param);
  if (Known.List.size() == 1)
    R.At.SelfRecord = Known.List.front().Record.Record;
}

void Walker::walkRoot(const FunctionDecl *F) {
  Complete = true;
  Steps = 0;
  Eval.Context = 0;
  R.At = Root();
  R.At.F = F;
  R.At.P = Graphs.partOf(F);
  State S;
  if (R.At.P == Part::Init || R.At.P == Part::Release ||
      R.At.P == Part::Callback)
    startFromDevice(F, S);
  if (R.At.P == Part::Remove)
    if (const FunctionDecl *Probe = probeOf(Model, F)) {
      auto It = R.Probes.find(Probe);
      if (It != R.Probes.end())
        R.At.Probe = &It->second;
    }
  for (State &End : walk(F, std::move(S)))
    R.atExit(End);
  R.finishRoot(Complete);
}

} // namespace vfio::flow
