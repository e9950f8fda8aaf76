//===- HoistChoice.cpp - What the allocation is given is chosen before it -===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between kzalloc and the old init there was room to choose an ops table.
// vfio_alloc_device is given the table: the choice moves up to before it, where
// nothing in it depends on what stands between.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/Conversion.h"
#include "rewriter/read/Names.h"
#include "rewriter/read/PrivateState.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// What a statement does that another one can notice, and what it notices.
struct Effects : EvaluatedVisitor<Effects> {
  explicit Effects(const VarDecl *X) : X(X) {}
  bool Calls = false, Stores = false, Reads = false;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Calls |= !Call->getBuiltinCallee() && !onlyReads(*Call);
    Reads |= !Call->getBuiltinCallee();
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    const Expr *LHS = BO->getLHS()->IgnoreParenImpCasts();
    const VarDecl *V = namedVar(LHS);
    // What is written into the structure is nobody else's to read yet.
    const auto *ME = dyn_cast<MemberExpr>(LHS);
    bool Own = (V && V->hasLocalStorage()) ||
               (ME && ME->isArrow() && namedVar(ME->getBase()) == X);
    Stores |= BO->isAssignmentOp() && !Own;
    return true;
  }
  bool VisitMemberExpr(MemberExpr *) ENGINE_OVERRIDE {
    Reads = true;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    Reads |= V && V->hasGlobalStorage() && !V->getType().isConstQualified();
    return true;
  }

private:
  const VarDecl *X;
};

} // namespace

/// The index of the item that holds \p S; none where that is nested in
/// no statement of the top level.
static std::optional<unsigned> indexOf(const std::vector<Item> &Items,
                                       const Stmt *S) {
  for (unsigned I = 0; I < Items.size(); ++I)
    if (holds(Items[I].S, S))
      return I;
  return std::nullopt;
}

/// The items in front of \p Last, and behind \p First, that give \p Needed
/// their values; none where one of them cannot move up to \p First.
static std::vector<unsigned> choiceBetween(const std::vector<Item> &Items,
                                           unsigned First, unsigned Last,
                                           std::set<const VarDecl *> Needed,
                                           const VarDecl *X) {
  std::vector<unsigned> Out;
  std::set<const VarDecl *> Read;
  bool ReadsState = false;
  for (unsigned I = Last - 1; I > First; --I) {
    const Stmt *S = Items[I].S;
    Names N = namesIn(S);
    bool Sets = llvm::any_of(N.Written,
                             [&](const VarDecl *V) { return Needed.count(V); });
    Effects E(X);
    E.TraverseStmt(const_cast<Stmt *>(S));
    if (!Sets) {
      // What stays must not change what a later choice reads.
      if (llvm::any_of(N.Written,
                       [&](const VarDecl *V) { return Read.count(V); }) ||
          (ReadsState && (E.Calls || E.Stores)))
        return {};
      continue;
    }
    // The address of a constant table is no way to change it.
    bool Others = llvm::any_of(N.Written, [&](const VarDecl *V) {
      return !Needed.count(V) && !V->getType().isConstQualified();
    });
    if (E.Calls || E.Stores || Others || N.Vars.count(X) || hasExit(S) ||
        isa<DeclStmt>(S) || !Items[I].Labels.empty())
      return {};
    ReadsState |= E.Reads;
    Read.insert(N.Vars.begin(), N.Vars.end());
    Needed.insert(N.Vars.begin(), N.Vars.end());
    Out.insert(Out.begin(), I);
  }
  return Out;
}

bool Conversion::hoistChoice(const AllocSite &A, const SiteRef &Init) {
  std::vector<Item> Items = itemsOf(A.In);
  std::optional<unsigned> First = indexOf(Items, A.Call),
                          Last = indexOf(Items, Init.S->Call);
  const auto *Set = First ? dyn_cast<BinaryOperator>(Items[*First].S) : nullptr;
  const VarDecl *X = Set ? namedVar(Set->getLHS()) : nullptr;
  if (!X || !Last || *Last <= *First)
    return false;
  Names Given;
  for (int Arg : {Init.S->Api->Device, Init.S->Api->Ops})
    Given.TraverseStmt(const_cast<Expr *>(Init.S->Call->getArg(Arg)));
  std::vector<unsigned> Choice =
      choiceBetween(Items, *First, *Last, Given.Vars, X);
  FileRange Before = A.U->range(Items[*First].S->getSourceRange());
  if (Choice.empty() || !edit(*A.U, Before, A.Call->getBeginLoc()))
    return false;
  std::string Lines;
  for (unsigned I : Choice) {
    FileRange R = A.U->range(Items[I].S->getSourceRange());
    if (!edit(*A.U, R, Items[I].S->getBeginLoc()))
      return false;
    unsigned Begin = Edits.startWithComment(R.File, R.Begin);
    unsigned End = Edits.lineEnd(R.File, R.End);
    Lines += Edits.original(R.File).slice(Begin, End).str();
    Edits.removeStatement({R.File, Begin, End - 1});
  }
  Edits.insertLinesBefore(Before.File, Before.Begin, Lines + "\n");
  step(StepId::ChooseBefore, *A.U, Items[Choice.front()].S->getBeginLoc());
  return true;
}

} // namespace vfio::rewriter
