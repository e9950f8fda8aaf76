//===- Walker.cpp - One function, all its paths ---------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Walker.h"
#include "engine/Stop.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace engine {

/// A function in progress: what waits at each block, what was there already.
struct Walker::Walk {
  const FlowGraph &G;
  std::map<unsigned, States> Pending; ///< by rank, so that joins see all sides
  std::vector<States> Seen;           ///< by rank
  States Done;

  explicit Walk(const FlowGraph &G) : G(G), Seen(G.Order.size()) {}
  /// Forgets what was seen at blocks that the walk, which is at \p Rank and
  /// will not be before it but for a loop, cannot come back to.
  void leaveBehind(unsigned Rank) {
    for (unsigned End = std::min(Rank, G.ComesBackTo[Rank]); Left < End; ++Left)
      Seen[Left] = States();
  }
  unsigned At = 0;   ///< the rank of the block that is being walked
  unsigned Left = 0; ///< the blocks before this rank are forgotten
  unsigned rank(const CFGBlock *B) const { return G.Rank[B->getBlockID()]; }
};

Walker::Walker(ASTContext &Ctx, EntityTable &Entities, CallSemantics &Calls,
               PathListener &Listener, const Limits &Most)
    : Entities(Entities), Calls(Calls), Listener(Listener), Most(Most),
      Graphs(Ctx), Eval(Ctx, Entities, Listener) {}

void Walker::giveUp(Exceeded By) {
  if (GaveUpBy == Exceeded::Nothing)
    GaveUpBy = By;
}

/// How many states at one place are kept apart by what they have given back.
static constexpr size_t ManyStates = 8;
/// ... at the head of a loop, or where it is left, where each round can add
/// another; and anywhere in a coarse walk.
static constexpr size_t ManyRounds = 3;

/// How many ways through one statement are kept apart by what it stored.
static constexpr size_t ManyWays = 4;

/// Merges those of \p All, the ways through \p Element, that say the same of
/// every structure and come out of it with a result of the same sign.
void Walker::joinAlike(States &All, const CFGElement &Element) {
  auto Statement = Element.getAs<CFGStmt>();
  const Stmt *At = Statement ? Statement->getStmt() : nullptr;
  auto SignOf = [&](const State &S) {
    const Value *V = S.Values.find(dyn_cast_or_null<Expr>(At));
    return V ? S.signs(*V, Entities) : AnySign;
  };
  States Apart;
  llvm::SmallVector<Signs, 16> Results; // of these
  for (State &S : All) {
    Signs Result = SignOf(S);
    size_t Same = 0;
    while (Same < Apart.size() &&
           (Results[Same] != Result ||
            !(All.size() > ManyStates ? Apart[Same].samePropertyButGiven(S)
                                      : Apart[Same].sameProperty(S))))
      ++Same;
    if (Same == Apart.size()) {
      Apart.push_back(std::move(S));
      Results.push_back(Result);
      continue;
    }
    Apart[Same].keepCommon(S);
    Apart[Same].merge(S, At, Entities);
  }
  All = std::move(Apart);
}

States Walker::walk(const FunctionDecl *F, State In) {
  const FlowGraph *G = Graphs.graph(F);
  if (!G) {
    giveUp(Exceeded::Graph);
    return {};
  }
  PrettyStackTraceDecl At(F, F->getLocation(),
                          F->getASTContext().getSourceManager(),
                          "following the paths of");
  if (Active.empty())
    Budget = std::max(Most.Steps, Most.StepsPerElement * G->Size);
  Active.push_back(F->getCanonicalDecl());
  const FunctionDecl *Outer = Listener.In;
  Listener.In = F;
  Walk W(*G);
  enterBlock(W, &G->Graph->getEntry(), std::move(In));
  while (!W.Pending.empty()) {
    auto First = W.Pending.begin();
    const CFGBlock *B = G->Order[First->first];
    States Now = std::move(First->second);
    W.Pending.erase(First);
    W.At = W.rank(B);
    W.leaveBehind(W.At);
    for (State &S : Now) {
      if (B == &G->Graph->getExit()) {
        W.Done.push_back(std::move(S));
        continue;
      }
      States Inside, Next;
      Inside.push_back(std::move(S));
      for (const CFGElement &Element : *B) {
        Next.clear();
        for (State &One : Inside)
          execElement(W, Element, std::move(One), Next);
        Inside.swap(Next);
        if (Inside.size() > ManyWays)
          joinAlike(Inside, Element);
        if (Inside.size() > Most.StatesPerBlock) {
          giveUp(Exceeded::States);
          Inside.erase(Inside.begin() + Most.StatesPerBlock, Inside.end());
        }
      }
      if (B->hasNoReturnElement())
        continue;
      for (State &One : Inside)
        leaveBlock(W, B, std::move(One));
    }
  }
  Listener.In = Outer;
  Active.pop_back();
  return std::move(W.Done);
}

/// Merges \p S into \p Old, which was seen at \p B; where that is news, it
/// waits there.
void Walker::joinStates(Walk &W, const CFGBlock *B, State &Old,
                        const State &S) {
  State Merged = Old;
  Merged.keepCommon(S);
  unsigned Rank = W.rank(B);
  Merged.merge(S, B, Entities, /*InLoop=*/W.G.ComesBackTo[Rank] <= Rank);
  if (Merged == Old)
    return;
  State Before = std::exchange(Old, Merged);
  States &Pending = W.Pending[Rank];
  auto Waiting = llvm::find_if(
      Pending, [&](const State &P) { return P.sameProperty(Before); });
  if (Waiting != Pending.end())
    *Waiting = std::move(Merged);
  else
    Pending.push_back(std::move(Merged));
}

/// Lets \p S wait at \p B, merged with what waits there, unless it brings
/// nothing new.
void Walker::enterBlock(Walk &W, const CFGBlock *B, State S) {
  unsigned Rank = W.rank(B);
  States &Seen = W.Seen[Rank];
  // Where a function was left, its caller does not ask, but for one that has
  // taken what is not to be lost sight of.
  auto IsLasting = [](const auto &Item) { return Item.second.Lasting; };
  if (Active.size() > 1 && B == &W.G.Graph->getExit() && S.Objects.empty() &&
      llvm::none_of(std::as_const(S.Resources), IsLasting))
    S.ReturnedAt = nullptr;
  auto Same = llvm::find_if(
      Seen, [&](const State &Old) { return Old.sameProperty(S); });
  // Round a loop, or out of the midst of one.
  bool RoundLoop = Rank <= W.At || Rank >= W.G.LoopEnd[W.At];
  if (Same == Seen.end() && Seen.size() >= ManyRounds)
    Same = llvm::find_if(Seen, [&](const State &Old) {
      if (RoundLoop)
        return Old.samePropertyRoundLoop(S, Entities);
      if (Most.Coarse)
        return Old.samePropertyButHeld(S, Entities);
      return Seen.size() >= ManyStates && Old.samePropertyButGiven(S);
    });
  if (Same != Seen.end())
    return joinStates(W, B, *Same, S);
  if (Steps >= Budget)
    return giveUp(Exceeded::Steps);
  if (Seen.size() >= Most.StatesPerBlock)
    return giveUp(Exceeded::States);
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
    // What has a value has used its choice up.
    if (E != User && std::as_const(S.Values).find(E))
      S.Values.erase(E);
    else if (decidesByBranch(E))
      S.Choices.erase(E, Entities);
  }
}

/// Forgets what nothing behind \p B can ask for. The variables that name a
/// structure stay, for the message that may have to name it.
void Walker::dropDead(Walk &W, const CFGBlock *B, State &S) {
  const auto &Dying = W.G.Dying;
  for (; S.Dead < Dying.size() && Dying[S.Dead].first <= W.rank(B); ++S.Dead) {
    Place P{Entities.variable(Dying[S.Dead].second), 0};
    const Value *V = std::as_const(S.Store).find(P);
    if (V && !(V->isRef() && std::as_const(S.Objects).find(V->Id)))
      S.Store.erase(P);
  }
  S.dropUnnamed(Entities, CallersValues);
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
  dropDead(W, B, S);
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
  Listener.branched(S, V, Operand);
  State Ways[] = {S, S}; // false, true
  bool Can[] = {Eval.assume(V, false, Ways[0]), Eval.assume(V, true, Ways[1])};
  if (Can[0] && Can[1] && V.Id) {
    for (bool Truth : {false, true}) {
      Listener.guessed(Ways[Truth], V, Operand);
      Listener.told(Ways[Truth], V, Operand, Truth ? 1 : 2, 3);
    }
  }
  auto Next = B->succ_begin();
  for (bool Truth : {true, false}) {
    const CFGBlock *To = (Next++)->getReachableBlock();
    State &Way = Ways[Truth];
    if (!To || !Can[Truth])
      continue;
    if (Records)
      Way.Choices.add(Operator, Truth, Entities);
    if (!V.isNumber()) {
      Way.LastBranch = Operand;
      Way.LastBranchTaken = Truth;
    }
    dropDead(W, B, Way);
    enterBlock(W, To, std::move(Way));
  }
}

void Walker::branchSwitch(Walk &W, const CFGBlock *B, const SwitchStmt *Switch,
                          State S) {
  const Expr *Condition = Switch->getCond();
  Value V = Eval.eval(Condition, S);
  S.Values.eraseIf(
      [&](const auto &Item) { return !W.G.Carried.contains(Item.first); });
  Listener.consulted(S, V);
  if (V.Id)
    Listener.guessed(S, V, Condition);
  bool Matched = false;
  State Rest = S; // what no case label has taken
  const CFGBlock *Default = nullptr;
  // Of more than 31 ways, not all are ever known to have met again.
  uint32_t Bit = 1, All = B->succ_size() < 32 ? (1u << B->succ_size()) - 1 : 0;
  auto Take = [&](const CFGBlock *To, State Way) {
    if (V.Id)
      Listener.told(Way, V, Condition, Bit, All);
    dropDead(W, B, Way);
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
    if (Case->getRHS()) {
      Value Last = Eval.eval(Case->getRHS(), S);
      Matched |= !Eval.assumeBetween(V, L, Last, false, Rest);
      if (Eval.assumeBetween(V, L, Last, true, Way))
        Take(To, std::move(Way));
      continue;
    }
    if (!L.isNumber()) {
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

/// Adds what \p Element makes of \p S to \p Out.
void Walker::execElement(Walk &W, const CFGElement &Element, State S,
                         States &Out) {
  if (++Steps > Budget || StopWhen::isNow())
    return giveUp(Exceeded::Steps);
  auto Add = [&](States Ways) {
    Out.insert(Out.end(), std::make_move_iterator(Ways.begin()),
               std::make_move_iterator(Ways.end()));
  };
  if (auto Cleanup = Element.getAs<CFGCleanupFunction>())
    return Add(Calls.leaveScope(*this, Cleanup->getVarDecl(),
                                Cleanup->getFunctionDecl(), std::move(S)));
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return Out.push_back(std::move(S));
  const Stmt *St = Statement->getStmt();
  if (const auto *Call = dyn_cast<CallExpr>(St)) {
    States Ways = Calls.call(*this, Call, std::move(S));
    for (State &One : Ways)
      forgetUsed(W, Call, One);
    return Add(std::move(Ways));
  }
  if (const auto *D = dyn_cast<DeclStmt>(St)) {
    execDecl(D, S);
  } else if (const auto *Ret = dyn_cast<ReturnStmt>(St)) {
    S.Return = Ret->getRetValue() ? Eval.eval(Ret->getRetValue(), S) : Value();
    S.ReturnedAt = Ret;
    // A structure travels in memory that nobody else knows.
    if (Ret->getRetValue() && Ret->getRetValue()->getType()->isRecordType() &&
        Active.size() > 1) {
      S.Return = Eval.fresh(Ret, {}, S);
      Eval.assignRecord(Ret->getRetValue(), Place{S.Return.Id, 0}, true, S);
    }
  } else if (const auto *Asm = dyn_cast<GCCAsmStmt>(St)) {
    Eval.assemble(Asm, S);
  } else if (const auto *E = dyn_cast<Expr>(St)) {
    S.Values.erase(E->IgnoreParens()); // of the last time round a loop
    Value V = Eval.eval(E, S);
    S.Values[E->IgnoreParens()] = V;
  }
  forgetUsed(W, St, S);
  Out.push_back(std::move(S));
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
          Listener.stored(S, Place(), Eval.eval(Member, S));
    if (Var->getType()->isRecordType())
      Eval.assignRecord(Init, P, true, S);
  }
}

//===-- What a client builds calls of -------------------------------------===//

States Walker::split(State S, const CallExpr *Call, EntityId Result,
                     Signs Success, Signs Failure) {
  S.retire(Result, Entities);
  S.Values[Call] = Value::ref(Result);
  States Out;
  for (Signs Way : {Success, Failure}) {
    Out.push_back(S);
    Out.back().Known[Result] = Way;
  }
  return Out;
}

bool Walker::canEnter(const FunctionDecl *F) const {
  return Active.size() < Most.Depth &&
         !llvm::is_contained(Active, F->getCanonicalDecl()) && !F->isVariadic();
}

unsigned Walker::contextOf(const CallExpr *Call) {
  unsigned Next = Contexts.size() + 1;
  return Contexts.try_emplace({Eval.Context, Call}, Next).first->second;
}

States Walker::inlineCall(const CallExpr *Call, const FunctionDecl *F,
                          llvm::ArrayRef<Value> Args, State S) {
  unsigned Outer = Eval.Context;
  unsigned Inner = contextOf(Call);
  for (unsigned I = 0; I < F->getNumParams(); ++I) {
    const ParmVarDecl *Param = F->getParamDecl(I);
    Place P{Entities.variable(Param), 0};
    Value V = I < Args.size() ? Args[I] : Value();
    if (V.isUnknown())
      V = Value::ref(Entities.fresh(Param, Inner, P));
    S.Store[P] = V;
  }
  auto Values = std::move(S.Values);
  auto Choices = std::move(S.Choices);
  S.Values.clear();
  S.Choices.clear();
  Value Return = S.Return;
  size_t Outside = CallersValues.size();
  for (const auto &Item : std::as_const(Values))
    CallersValues.push_back(Item.second.Id);
  CallersValues.push_back(Return.Id);
  unsigned Dead = std::exchange(S.Dead, 0);
  const ReturnStmt *ReturnedAt = S.ReturnedAt;
  S.Return = Value();
  S.ReturnedAt = nullptr;

  Eval.Context = Inner;
  Listener.Stack.push_back(Call);
  States Out = walk(F, std::move(S));
  Listener.Stack.pop_back();
  Eval.Context = Outer;
  CallersValues.resize(Outside);

  for (State &End : Out) {
    Value V = End.Return;
    if (V.isUnknown() && Call && !Call->getType()->isVoidType())
      V = Value::ref(Entities.result(Call, Outer, QualType()));
    End.Store.eraseIf([&](const auto &Item) {
      const VarDecl *Var = Entities.variableOf(Item.first.Id);
      return Var && Var->getDeclContext() == F && !Var->hasGlobalStorage();
    });
    Listener.returning(End, F);
    End.Values = Values;
    End.Choices = Choices;
    End.Return = Return;
    End.Dead = Dead;
    End.ReturnedAt = ReturnedAt;
    if (Call)
      End.Values[Call] = V;
  }
  return Out;
}

} // namespace engine
