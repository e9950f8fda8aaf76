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
#include "rewriter/read/NullTest.h"
#include "rewriter/read/PrivateState.h"
#include "rewriter/read/Tokens.h"

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
  std::set<const VarDecl *> Read, Written;
  bool ReadsState = false;
  for (unsigned I = Last - 1; I > First; --I) {
    const Stmt *S = Items[I].S;
    Names N = namesIn(S);
    bool Sets = llvm::any_of(N.Written,
                             [&](const VarDecl *V) { return Needed.count(V); });
    Effects E(X);
    E.TraverseStmt(const_cast<Stmt *>(S));
    if (!Sets) {
      // What stays must not change what a later choice reads, and must not
      // look at what that gives another value.
      if (llvm::any_of(N.Written,
                       [&](const VarDecl *V) { return Read.count(V); }) ||
          llvm::any_of(N.Vars,
                       [&](const VarDecl *V) { return Written.count(V); }) ||
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
    Written.insert(N.Written.begin(), N.Written.end());
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

/// True where \p S is a branch of \p If that does nothing but \p Call.
static bool isOnly(const Stmt *Branch, const Spot &Call) {
  const auto *Block = dyn_cast<CompoundStmt>(Branch);
  return Call.Whole && (Branch == Call.S || (Block && Block->size() == 1 &&
                                             Block->body_front() == Call.S));
}

/// The `if` whose two branches do nothing but to prepare the device, each by
/// another table, where its condition can be asked before the allocation in
/// \p First. Null where there is none.
static const IfStmt *choiceOfTables(ASTContext &Ctx,
                                    const std::vector<Item> &Items,
                                    unsigned First, const VarDecl *X,
                                    llvm::ArrayRef<SiteRef> Inits) {
  std::optional<unsigned> Last =
      Inits.size() == 2 ? indexOf(Items, Inits[0].S->Call) : std::nullopt;
  const auto *If = Last ? dyn_cast<IfStmt>(Items[*Last].S) : nullptr;
  if (!If || !If->getElse() || *Last <= First || !Items[*Last].Labels.empty() ||
      !isOnly(If->getThen(), spotOf(Ctx, Inits[0].S->Call)) ||
      !isOnly(If->getElse(), spotOf(Ctx, Inits[1].S->Call)))
    return nullptr;
  Effects Asks(X);
  Asks.TraverseStmt(const_cast<Expr *>(If->getCond()));
  Names Asked = namesIn(If->getCond());
  if (Asks.Calls || Asks.Stores || Asked.Vars.count(X) ||
      !Asked.Written.empty())
    return nullptr;
  // What stands between must not change the answer; where it leaves, nobody
  // asks any more.
  for (unsigned I = First + 1; I < *Last; ++I) {
    const auto *Test = dyn_cast<IfStmt>(Items[I].S);
    bool Leaves = Test && !Test->getElse() && endsInExit(Test->getThen());
    const Stmt *S = Leaves ? Test->getCond() : Items[I].S;
    Effects E(X);
    E.TraverseStmt(const_cast<Stmt *>(S));
    if (isa<DeclStmt>(S) || (Asks.Reads && (E.Calls || E.Stores)) ||
        llvm::any_of(namesIn(S).Written, [&](const VarDecl *V) {
          return Asked.Vars.count(V) != 0;
        }))
      return nullptr;
  }
  return If;
}

/// `if (c) init(x, &a); else init(x, &b);`: c chooses before the allocation.
/// False where that is not sure, or not all that the branches do.
bool Conversion::hoistBranches(const AllocSite &A,
                               const std::vector<SiteRef> &Inits,
                               Arguments &Out) {
  std::vector<Item> Items = itemsOf(A.In);
  std::optional<unsigned> First = indexOf(Items, A.Call);
  const auto *Set = First ? dyn_cast<BinaryOperator>(Items[*First].S) : nullptr;
  const VarDecl *X = Set ? namedVar(Set->getLHS()) : nullptr;
  const IfStmt *If =
      X ? choiceOfTables(A.U->Model->Ctx, Items, *First, X, Inits) : nullptr;
  const Stmt *LastDecl = nullptr;
  for (unsigned I = 0; If && I < *First && isa<DeclStmt>(Items[I].S); ++I)
    LastDecl = Items[I].S;
  if (!If || !LastDecl ||
      deviceArgument(Inits[0]) != deviceArgument(Inits[1]) ||
      hasWord(A.U->text(A.In->getSourceRange()), "ops"))
    return false;
  std::string Tables[2];
  for (unsigned I : {0, 1}) {
    const Expr *Ops = Inits[I].S->Call->getArg(Inits[I].S->Api->Ops);
    if (!availableAt(*A.U, A.In, Ops, A.Call->getBeginLoc()))
      return false;
    Tables[I] = A.U->text(Ops->getSourceRange());
  }
  FileRange Before = A.U->range(Items[*First].S->getSourceRange());
  FileRange Whole = A.U->range(If->getSourceRange());
  FileRange Decl = A.U->range(LastDecl->getSourceRange());
  if (!edit(*A.U, Before, A.Call->getBeginLoc()) ||
      !edit(*A.U, Whole, If->getBeginLoc()) ||
      !edit(*A.U, Decl, LastDecl->getBeginLoc()))
    return false;
  std::string In = Edits.indentAt(Before.File, Before.Begin);
  Edits.insertLinesAfter(Decl.File, Decl.End,
                         In + "const struct vfio_device_ops *ops;\n");
  Edits.insertLinesBefore(
      Before.File, Edits.startWithComment(Before.File, Before.Begin),
      In + "if (" + A.U->text(If->getCond()->getSourceRange()) + ")\n" + In +
          "\tops = " + Tables[0] + ";\n" + In + "else\n" + In +
          "\tops = " + Tables[1] + ";\n\n");
  Edits.removeStatement(Whole);
  for (const SiteRef &Init : Inits)
    Handled.insert(Init.S->Call);
  step(StepId::ChooseBefore, *A.U, If->getBeginLoc());
  Out = {deviceArgument(Inits[0]), "ops"};
  return true;
}

} // namespace vfio::rewriter
