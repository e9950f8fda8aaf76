//===- MoveQuota.cpp - What a device takes of its module's ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A quota or a count that probe takes right before the allocation, and that
// probe's error path and remove give back behind the put: @init takes it, and
// gives it back where it fails itself, as core then calls no @release; in all
// other cases @release gives it back. Where this is not sure, all of it stays.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Steps.h"
#include "rewriter/plan/Mover.h"
#include "rewriter/read/PrivateState.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace vfio::rewriter {

namespace {
/// The module's variables that a statement names, and its assignments.
struct ModuleState : ASTVisitor<ModuleState> {
  VarSet Vars;
  std::vector<const BinaryOperator *> Sets;
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    if (V && V->isFileVarDecl() && !V->getType().isConstQualified())
      Vars.insert(V);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->isAssignmentOp())
      Sets.push_back(BO);
    return true;
  }
};
} // namespace

static ModuleState stateIn(const Stmt *S) {
  ModuleState M;
  M.TraverseStmt(const_cast<Stmt *>(S));
  return M;
}

bool Mover::noQuota(const std::string &Reason) {
  QuotaWhy = "what is taken before the allocation: " + Reason;
  return false;
}

/// What the failed register gives back between the put and the return.
bool Mover::findGiven() {
  const GotoStmt *Failure = firstFailure();
  if (!Failure)
    return false;
  std::vector<unsigned> Tail = tailOf(Items, Failure->getLabel());
  auto Put = llvm::find_if(Tail, [&](unsigned I) { return isPut(Items[I].S); });
  if (Put == Tail.end() || !isa<ReturnStmt>(Items[Tail.back()].S))
    return false;
  Given.assign(Put + 1, Tail.end() - 1);
  if (Given.empty())
    return false;
  for (unsigned I : Given) {
    const Stmt *S = Items[I].S;
    if (hasExit(S) || stateIn(S).Vars.empty())
      return noQuota("'" + firstLine(text(S)) + "' is more than a give-back");
    if (std::string Reason = whyNotPrivate(P, *U, S); !Reason.empty())
      return noQuota("'" + firstLine(text(S)) + "': " + Reason);
  }
  return true;
}

/// True where \p V, which is not derived from the device, is only used in what
/// moves: @init declares it anew.
bool Mover::ownLocal(const VarDecl *V) {
  if (isa<ParmVarDecl>(V) || !V->getType()->isIntegerType() || !V->hasInit() ||
      !isPrivateState(P, *U, V->getInit()))
    return false;
  for (unsigned I = 0; I < Items.size(); ++I)
    if (!isInInit(I) && !llvm::is_contained(Given, I) &&
        !isa<DeclStmt>(Items[I].S) && namesIn(Items[I].S).Vars.count(V))
      return false;
  for (const VarDecl *Inner : namesIn(V->getInit()).foreign())
    if (!derive(Inner))
      return false;
  Locals.insert(V);
  return true;
}

/// @init has, or can derive, all that taking and giving back names.
bool Mover::checkTakenNames() {
  std::vector<unsigned> All = Taken;
  llvm::append_range(All, Given);
  for (unsigned I : All)
    for (const VarDecl *V : namesIn(Items[I].S).foreign())
      if (V == X || (!Locals.count(V) && !derive(V) && !ownLocal(V)))
        return noQuota("'" + firstLine(text(Items[I].S)) + "' needs '" +
                       V->getNameAsString() +
                       "', which @init cannot derive from the device");
  return true;
}

/// The statements right before the allocation that take it.
bool Mover::findTaken() {
  VarSet State;
  for (unsigned I : Given) {
    VarSet Vars = stateIn(Items[I].S).Vars;
    State.insert(Vars.begin(), Vars.end());
  }
  for (unsigned I = AllocAt; I-- > 0;) {
    const Stmt *S = Items[I].S;
    VarSet Vars = stateIn(S).Vars;
    if (isa<DeclStmt>(S) ||
        llvm::none_of(Vars, [&](const VarDecl *V) { return State.count(V); }))
      break;
    Names N = namesIn(S);
    bool Errors = llvm::all_of(N.Returns, [&](const ReturnStmt *R) {
      Expr::EvalResult Code;
      return R->getRetValue() &&
             R->getRetValue()->EvaluateAsInt(Code, U->Model->Ctx) &&
             Code.Val.getInt().isNegative();
    });
    std::string Reason = whyNotPrivate(P, *U, S);
    if (!N.Gotos.empty() || !Errors || !Items[I].Labels.empty() ||
        !Reason.empty())
      return noQuota(
          "'" + firstLine(text(S)) + "': " +
          (Reason.empty() ? "it does not fail by a plain return" : Reason));
    Taken.insert(Taken.begin(), I);
  }
  return !Taken.empty() ||
         noQuota("'" + firstLine(text(Items[Given.front()].S)) +
                 "' gives back what is not taken right before it");
}

/// A failed allocation gives back just that, and so does every later failure.
bool Mover::failsToGiven() const {
  Names Failed = namesIn(Items[Check].S);
  if (Failed.Gotos.size() != 1 || !Failed.Returns.empty())
    return false;
  std::vector<unsigned> Tail = tailOf(Items, Failed.Gotos[0]->getLabel());
  if (Tail.size() != Given.size() + 1 || Tail.front() != Given.front())
    return false;
  for (unsigned I = Check + 1; I < Items.size(); ++I) {
    Names N = namesIn(Items[I].S);
    if (I < Reg + 2 && isa<IfStmt>(Items[I].S) && !N.Returns.empty())
      return false;
    for (const GotoStmt *G : N.Gotos)
      if (!llvm::is_contained(tailOf(Items, G->getLabel()), Given.front()))
        return false;
  }
  return true;
}

/// Adds \p S of remove to what @release does, in its words.
bool Mover::givesInRelease(const Stmt *S) {
  std::map<const VarDecl *, std::string> By = {{RX, X->getNameAsString()}};
  ValueSet Read = membersIn(S, RX);
  for (const VarDecl *V : namesIn(S).foreign()) {
    if (V == RX)
      continue;
    if (!V->hasInit() || isa<ParmVarDecl>(V) || !isPure(V->getInit()) ||
        namesIn(V->getInit()).foreign() != VarSet{RX} ||
        namesIn(Remove->getBody()).Written.count(V))
      return false;
    By[V] = textWith(*U, V->getInit(), {{RX, X->getNameAsString()}})
                .value_or(std::string());
    ValueSet Inner = membersIn(V->getInit(), RX);
    Read.insert(Inner.begin(), Inner.end());
  }
  // What it reads of the structure is there where only @init has run.
  ValueSet Set;
  for (unsigned I : Moved)
    for (const BinaryOperator *BO : stateIn(Items[I].S).Sets)
      if (const auto *ME = dyn_cast<MemberExpr>(BO->getLHS());
          ME && namedVar(ME->getBase()) == X)
        Set.insert(ME->getMemberDecl());
  if (llvm::any_of(Read, [&](const ValueDecl *M) { return !Set.count(M); }))
    return false;
  std::optional<std::string> Text = textWith(*U, S, By);
  if (!Text || Text->empty())
    return false;
  GivenText += "\t" + *Text + ";\n";
  RemoveGiven.push_back(S);
  return true;
}

/// True where \p A and \p B do the same to the same of the module's.
bool Mover::givesSame(const Stmt *A, const Stmt *B) const {
  const auto *CallA = dyn_cast<CallExpr>(A), *CallB = dyn_cast<CallExpr>(B);
  if (!CallA || !CallB)
    return text(A) == text(B);
  if (CallA->getNumArgs() != CallB->getNumArgs() ||
      CallA->getCalleeDecl() != CallB->getCalleeDecl())
    return false;
  for (unsigned I = 0; I < CallA->getNumArgs(); ++I)
    if (!stateIn(CallA->getArg(I)).Vars.empty() &&
        text(CallA->getArg(I)) != text(CallB->getArg(I)))
      return false;
  return true;
}

/// Remove gives the same back, once and in every case.
bool Mover::matchGiven() {
  for (unsigned I : Given) {
    std::vector<const Stmt *> Same;
    for (const Item &R : itemsOf(Remove))
      if (givesSame(Items[I].S, R.S))
        Same.push_back(R.S);
    if (Same.size() != 1 || llvm::is_contained(RemoveUndo, Same[0]) ||
        !givesInRelease(Same[0]))
      return noQuota("remove does not give back the same in a way that "
                     "@release could");
  }
  return true;
}

/// A count that probe takes between the allocation and register, and that only
/// remove gives back: a failed register left it counted.
void Mover::findCount() {
  for (unsigned I = Moved.back() + 1; Kept.empty() && I < Reg; ++I) {
    const auto *Up = dyn_cast<UnaryOperator>(Items[I].S);
    if (!Up || !Up->isIncrementOp() || !countsInProbe(Up))
      continue;
    VarSet Vars = stateIn(Up).Vars;
    std::vector<const Stmt *> Same;
    for (const Item &R : itemsOf(Remove))
      if (stateIn(R.S).Vars == Vars)
        Same.push_back(R.S);
    const auto *Down =
        Same.size() == 1 ? dyn_cast<UnaryOperator>(Same[0]) : nullptr;
    if (!Down || !Down->isDecrementOp() || !givesInRelease(Down))
      continue;
    Moved.push_back(I);
    Bugs.push_back(
        {"CountGivenBack", U->place(Up->getBeginLoc()),
         "'" + text(Up) + "' was not taken back where the registration failed",
         "@release takes it back now, whichever way the device "
         "ends"});
  }
}

void Mover::findQuota() {
  bool Found =
      findGiven() && findTaken() &&
      (failsToGiven() || noQuota("an error path does not give it back")) &&
      checkTakenNames() && matchGiven();
  if (!Found) {
    Taken.clear();
    Given.clear();
    RemoveGiven.clear();
    GivenText.clear();
  }
  findCount();
  if (!RemoveGiven.empty())
    Steps.push_back(makeStep(
        StepId::MoveQuota,
        U->place(Items[Found ? Taken.front() : Moved.back()].S->getBeginLoc()),
        {Prefix + "_init_dev", Prefix + "_release_dev"}));
}

} // namespace vfio::rewriter
