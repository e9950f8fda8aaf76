//===- MoveUndo.cpp - What undoes the set-up ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/plan/Mover.h"
#include "rewriter/read/PrivateState.h"

using namespace clang;

namespace vfio::rewriter {

/// The items from label \p L up to the put, without it.
std::vector<unsigned> Mover::beforePut(const LabelDecl *L) const {
  std::vector<unsigned> Out;
  for (unsigned I : tailOf(Items, L)) {
    if (isPut(Items[I].S))
      return Out;
    Out.push_back(I);
  }
  return {};
}

/// The steps that \p G, in item \p From, leads to before the put; none where
/// all that they free is the pointer that was just found to be NULL.
std::vector<unsigned> Mover::undoOf(const GotoStmt *G, unsigned From) const {
  std::vector<unsigned> Undo = beforePut(G->getLabel());
  auto Full = [&](std::vector<unsigned> Steps) {
    llvm::append_range(Steps, Given);
    return Steps;
  };
  const auto *If = dyn_cast<IfStmt>(Items[From].S);
  const auto *Not =
      If ? dyn_cast<UnaryOperator>(strip(If->getCond())) : nullptr;
  if (!Not || Not->getOpcode() != UO_LNot)
    return Full(Undo);
  std::string Null = text(Not->getSubExpr());
  bool Needless = !Null.empty() && llvm::all_of(Undo, [&](unsigned I) {
    const auto *Call = dyn_cast<CallExpr>(Items[I].S);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    return Api && Api->Kind == Role::Free &&
           text(Call->getArg(Api->Subject)) == Null;
  });
  return Full(Needless ? std::vector<unsigned>() : Undo);
}

/// The test of register's result; null where there is none.
const IfStmt *Mover::registerTest() const {
  const Stmt *AfterReg = Reg + 1 < Items.size() ? Items[Reg + 1].S : nullptr;
  const Stmt *Failure = isa<IfStmt>(Items[Reg].S) ? Items[Reg].S : AfterReg;
  return dyn_cast_or_null<IfStmt>(Failure);
}

/// `if (ret) { put; return ret; }`: where register failed there is nothing to
/// undo but the device.
bool Mover::onlyPuts() const {
  const IfStmt *If = registerTest();
  if (!If || If->getElse())
    return false;
  const auto *Block = dyn_cast<CompoundStmt>(If->getThen());
  std::vector<const Stmt *> Steps;
  if (Block)
    Steps.assign(Block->body_begin(), Block->body_end());
  else
    Steps = {If->getThen()};
  if (!Steps.empty() && isa<ReturnStmt>(Steps.back()))
    Steps.pop_back();
  return Steps.size() == 1 && isPut(Steps.front());
}

/// The jump of a failed register; null where that is not all that it does.
const GotoStmt *Mover::registerFailure() const {
  const IfStmt *If = registerTest();
  if (!If)
    return nullptr;
  Names N = namesIn(If->getThen());
  return N.Gotos.size() == 1 && N.Returns.empty() ? N.Gotos[0] : nullptr;
}

/// The jump of the first failure that is met when all that moves is done; null
/// where the device is not put behind it.
const GotoStmt *Mover::firstFailure() const {
  const GotoStmt *Last = registerFailure(), *First = nullptr;
  if (!Last)
    return nullptr;
  for (unsigned I = Moved.back() + 1; I < Reg && !First; ++I)
    for (const GotoStmt *G : namesIn(Items[I].S).Gotos)
      First = First ? First : G;
  if (!First)
    First = Last;
  bool Puts = llvm::any_of(tailOf(Items, First->getLabel()),
                           [&](unsigned I) { return isPut(Items[I].S); });
  return Puts ? First : nullptr;
}

/// What undoes all of the set-up that moves.
bool Mover::findLadder() {
  const GotoStmt *Failure = firstFailure();
  if (!Failure && onlyPuts())
    return checkLaterExits() && checkEarlyExits();
  if (!Failure && findInLine())
    return checkUndo() && checkEarlyExits();
  if (!Failure)
    return no("the error path of register is not a plain goto that leads to "
              "the put");
  Ladder = beforePut(Failure->getLabel());
  // What undoes set-up that stays comes first, and stays too.
  while (!Kept.empty() && !Ladder.empty() &&
         !isPrivateState(P, *U, Items[Ladder.front()].S))
    Ladder.erase(Ladder.begin());
  return checkUndo() && checkLaterExits() && checkEarlyExits();
}

/// What undoes all of the set-up that moves, in the order of the error path.
std::vector<const Stmt *> Mover::undoSteps() const {
  if (Created)
    return RemoveUndo;
  std::vector<const Stmt *> Out = InLine;
  for (unsigned I : Ladder)
    Out.push_back(Items[I].S);
  return Out;
}

/// @release can do each step of the undo.
bool Mover::checkUndo() {
  for (const Stmt *S : undoSteps()) {
    std::string Reason =
        hasExit(S) ? "it has a way out" : whyNotPrivate(P, *U, S);
    if (!Reason.empty())
      return no("'" + firstLine(text(S)) +
                "', of the error path, belongs to probe: " + Reason);
    // It can run later than remove: the parent device may be gone.
    for (const VarDecl *V : namesIn(S).foreign())
      if (V != X)
        return no("the undo needs more than the structure itself");
  }
  return true;
}

/// `if (ret) { undo; put; return ret; }`, where no other way out, but early
/// ones, has anything to undo.
bool Mover::findInLine() {
  const IfStmt *If = registerTest();
  const auto *Block =
      If && !If->getElse() ? dyn_cast<CompoundStmt>(If->getThen()) : nullptr;
  if (!Block || !namesIn(Block).Gotos.empty())
    return false;
  std::vector<const Stmt *> Steps(Block->body_begin(), Block->body_end());
  if (!Steps.empty() && isa<ReturnStmt>(Steps.back()))
    Steps.pop_back();
  if (Steps.size() < 2 || !isPut(Steps.back()))
    return false;
  Steps.pop_back();
  for (unsigned I = Moved.back() + 1; I < Items.size(); ++I)
    if (Items[I].S != If &&
        (!putsIn(Items[I].S).empty() || !namesIn(Items[I].S).Gotos.empty()))
      return false;
  // What undoes set-up that stays comes first, and stays too.
  auto Mine = [&](const Stmt *S) { return isOfMoved(S, X); };
  InLine.assign(Kept.empty() ? Steps.begin() : llvm::find_if(Steps, Mine),
                Steps.end());
  return Kept.empty() || llvm::all_of(InLine, Mine);
}

/// True where \p S, of the structure \p V, is about members that what moves
/// names, and what stays does not.
bool Mover::isOfMoved(const Stmt *S, const VarDecl *V) const {
  ValueSet Going, Staying, Named = membersIn(S, V);
  for (unsigned I = Moved.front(); I < Reg; ++I) {
    ValueSet Its = membersIn(Items[I].S, X);
    (llvm::is_contained(Moved, I) ? Going : Staying)
        .insert(Its.begin(), Its.end());
  }
  return !Named.empty() && llvm::all_of(Named, [&](const ValueDecl *M) {
    return Going.count(M) && !Staying.count(M);
  });
}

/// What comes later than the set-up must undo all of it too: release does.
bool Mover::checkLaterExits() {
  for (unsigned I = Check + 1; I < Items.size(); ++I) {
    if (llvm::is_contained(Moved, I))
      continue;
    Names N = namesIn(Items[I].S);
    if (!Ladder.empty() && isa<IfStmt>(Items[I].S))
      for (const ReturnStmt *R : N.Returns)
        if (R->getRetValue() && !putsIn(Items[I].S).empty())
          return no("a later error path undoes the set-up by itself");
    for (const GotoStmt *G : N.Gotos)
      for (unsigned L : Ladder)
        if (!llvm::is_contained(tailOf(Items, G->getLabel()), L))
          return no("a later error path does not undo all of the set-up");
  }
  return true;
}

const Expr *codeOf(const ReturnStmt *R) {
  const Expr *Value = R->getRetValue();
  const auto *Call = Value ? dyn_cast<CallExpr>(strip(Value)) : nullptr;
  return Call && roleOf(*Call) == Role::ErrPtr ? Call->getArg(0) : Value;
}

/// White space and the structure's name do not tell statements apart.
static std::string canonical(std::string Text, llvm::StringRef X) {
  std::string Out, Word;
  auto Flush = [&] {
    Out += Word == X ? "$" : Word;
    Word.clear();
  };
  for (char C : Text) {
    if (isalnum(C) || C == '_') {
      Word += C;
      continue;
    }
    Flush();
    if (!isspace(C))
      Out += C;
  }
  Flush();
  return Out;
}

/// True where each early way out of \p S, in its own block, gives back nothing
/// of the module's but what the undo of what moves does: the rest was taken
/// before the allocation, whose failed test gives it back again.
bool Mover::givesBackOwn(const Stmt *S) const {
  struct Blocks : ASTVisitor<Blocks> {
    std::vector<const CompoundStmt *> Found;
    bool VisitCompoundStmt(CompoundStmt *Block) ENGINE_OVERRIDE {
      Found.push_back(Block);
      return true;
    }
  } B;
  B.TraverseStmt(const_cast<Stmt *>(S));
  const VarDecl *Whose = Created ? RX : X;
  for (const CompoundStmt *Block : B.Found) {
    if (llvm::none_of(Block->body(), [&](const Stmt *In) { return isPut(In); }))
      continue;
    for (const Stmt *In : Block->body()) {
      std::set<std::string> State;
      addModuleState(P, *U, In, State);
      bool Undoes = llvm::any_of(undoSteps(), [&](const Stmt *Undo) {
        return canonical(text(Undo), Whose->getName()) ==
               canonical(text(In), X->getName());
      });
      if (!State.empty() && !Undoes)
        return false;
    }
  }
  return true;
}

/// Each early exit undoes a part of the same ladder, and returns a code that
/// @init has.
bool Mover::checkEarlyExits() {
  VarSet Written;
  for (unsigned M : Moved) {
    Names Item = namesIn(Items[M].S);
    if (!givesBackOwn(Items[M].S))
      return no("an error path gives back what was taken before the "
                "allocation");
    Written.insert(Item.Written.begin(), Item.Written.end());
    for (const GotoStmt *G : Item.Gotos) {
      for (unsigned I : beforePut(G->getLabel()))
        if (!llvm::is_contained(Ladder, I))
          return no("an error path undoes what the others do not");
      std::vector<unsigned> Tail = tailOf(Items, G->getLabel());
      const auto *RS = dyn_cast<ReturnStmt>(Items[Tail.back()].S);
      const Expr *Value = RS ? codeOf(RS) : nullptr;
      const VarDecl *Code = Value ? namedVar(Value) : nullptr;
      if (!Code || !Code->getType()->isIntegerType())
        return no("an error path does not return a code");
      if (!Code->hasInit() && !Written.count(Code))
        return no("an error code was set before the allocation");
      Locals.insert(Code);
    }
  }
  return true;
}

/// `if (p) kfree(p);` is `kfree(p);`, as all of these take NULL.
static const Stmt *withoutNullTest(const Stmt *S) {
  const auto *If = dyn_cast<IfStmt>(S);
  const Stmt *Then = If && !If->getElse() ? If->getThen() : nullptr;
  if (const auto *Block = dyn_cast_or_null<CompoundStmt>(Then))
    Then = Block->size() == 1 ? Block->body_front() : nullptr;
  const auto *Call = dyn_cast_or_null<CallExpr>(Then);
  const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
  if (!Api || Api->Kind != Role::Free || Call->getNumArgs() != 1)
    return S;
  llvm::FoldingSetNodeID Asked, Freed;
  const ASTContext &Ctx = Call->getCalleeDecl()->getASTContext();
  strip(If->getCond())->Profile(Asked, Ctx, true);
  strip(Call->getArg(0))->Profile(Freed, Ctx, true);
  return Asked == Freed ? Call : S;
}

/// The members of the structure \p V that \p S names, or a function of the
/// driver that it is given to.
ValueSet Mover::membersIn(const Stmt *S, const VarDecl *V,
                          unsigned Depth) const {
  struct Finder : ASTVisitor<Finder> {
    const VarDecl *V;
    ValueSet Found;
    std::vector<const CallExpr *> Calls;
    bool VisitMemberExpr(MemberExpr *ME) ENGINE_OVERRIDE {
      if (namedVar(ME->getBase()) == V)
        Found.insert(ME->getMemberDecl());
      return true;
    }
    bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      Calls.push_back(Call);
      return true;
    }
  } F;
  F.V = V;
  F.TraverseStmt(const_cast<Stmt *>(S));
  for (const CallExpr *Call : F.Calls) {
    Program::Definition D = P.callee(*U, Call);
    if (!D || D.U != U || Depth > 3)
      continue;
    for (unsigned I = 0; I < std::min(Call->getNumArgs(), D.F->getNumParams());
         ++I)
      if (namedVar(Call->getArg(I)) == V) {
        ValueSet Inner =
            membersIn(D.F->getBody(), D.F->getParamDecl(I), Depth + 1);
        F.Found.insert(Inner.begin(), Inner.end());
      }
  }
  return F.Found;
}

/// True where \p S sets a member to NULL that an undo before it freed, and
/// that no other step of \p Steps names.
bool Mover::clearsFreed(const Stmt *S,
                        const std::vector<const Stmt *> &Steps) const {
  const auto *Set = dyn_cast<BinaryOperator>(S);
  if (!Set || Set->getOpcode() != BO_Assign ||
      !Set->getRHS()->IgnoreParenImpCasts()->isNullPointerConstant(
          U->Model->Ctx, Expr::NPC_ValueDependentIsNotNull))
    return false;
  std::string Member = text(Set->getLHS());
  bool Freed = false;
  for (const Stmt *Other : Steps) {
    if (Other == S)
      continue;
    const auto *Call = dyn_cast<CallExpr>(Other);
    const ApiFunction *Api = Call ? findApi(*Call) : nullptr;
    if (llvm::is_contained(RemoveUndo, Other) && Api &&
        Api->Kind == Role::Free && text(Call->getArg(Api->Subject)) == Member)
      Freed = true;
    else if (llvm::StringRef(text(Other)).contains(Member))
      return false;
  }
  return Freed;
}

/// True where \p S, which stays in remove, stood behind an undo and now comes
/// before it, and names a member or a variable of the module that the undo
/// needs.
bool Mover::spoilsUndo(const Stmt *S,
                       const std::vector<const Stmt *> &Steps) const {
  ValueSet Named = membersIn(S, RX);
  std::set<std::string> State;
  addModuleState(P, *U, S, State);
  for (const Stmt *Undo : Steps) {
    if (Undo == S)
      return false;
    if (!llvm::is_contained(RemoveUndo, Undo))
      continue;
    for (const ValueDecl *M : membersIn(Undo, RX))
      if (Named.count(M))
        return true;
    if (!whyNotPast(State, Undo).empty())
      return true;
  }
  return false;
}

/// True where the error path of register has \p S of remove as well, for set-up
/// that stays.
bool Mover::isUndoInProbe(const Stmt *S) const {
  const GotoStmt *Failure = registerFailure();
  std::string Want = canonical(text(S), RX->getName());
  return Failure &&
         llvm::any_of(beforePut(Failure->getLabel()), [&](unsigned I) {
           return !llvm::is_contained(Ladder, I) &&
                  canonical(text(Items[I].S), X->getName()) == Want;
         });
}

/// Every undo must stand in remove too, between unregister and put.
bool Mover::matchRemove() {
  std::vector<Item> RItems = itemsOf(Remove);
  bool After = false;
  std::vector<const Stmt *> Candidates, InOrder;
  bool Put = false;
  for (const Item &I : RItems) {
    if (hasRole(I.S, isUnregister) || unregistersLast(*U, I.S)) {
      After = true;
      continue;
    }
    if (isPut(I.S)) {
      Put = true;
      break;
    }
    if (After)
      Candidates.push_back(I.S);
  }
  InOrder = Candidates;
  if (!After || !Put)
    return no("remove does not unregister and put on its plain path");
  for (const Stmt *Undo : undoSteps()) {
    std::string Want = canonical(text(withoutNullTest(Undo)), X->getName());
    auto It = llvm::find_if(Candidates, [&](const Stmt *S) {
      return canonical(text(withoutNullTest(S)), RX->getName()) == Want;
    });
    if (It == Candidates.end())
      return no("'" + firstLine(text(Undo)) +
                "', of the error path, does not stand in remove between the "
                "unregister and the put");
    RemoveUndo.push_back(*It);
    Candidates.erase(It);
  }
  // `kfree(x->m); x->m = NULL;`: the second goes with the first.
  llvm::erase_if(Candidates, [&](const Stmt *S) {
    if (!clearsFreed(S, InOrder))
      return false;
    RemoveUndo.push_back(S);
    return true;
  });
  for (const Stmt *S : Candidates)
    if (spoilsUndo(S, InOrder))
      return no("remove changes afterwards what the undo needs");
  // What remove does after unregister must not need what is freed later now,
  // and must not undo what moves in a way that was not recognised.
  for (const Stmt *S : Candidates) {
    if (hasRole(S, isFree) && namesIn(S).Vars.count(RX) && !isUndoInProbe(S))
      return no("remove frees something that the error path does not");
    if (hasExit(S) || hasRole(S, [](Role R) { return R == Role::PutDevice; }))
      return no("remove has more than one way to the put");
  }
  return true;
}

} // namespace vfio::rewriter
