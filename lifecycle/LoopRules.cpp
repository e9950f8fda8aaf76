//===- LoopRules.cpp - Loops that take, loops that give back --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "lifecycle/OtherLives.h"

using namespace clang;

namespace vfio {

/// The variable that counts the elements of which \p E is one, or is in one:
/// `i` of `x->page[i]` and `x->vec[i].irq`; null where there is none.
static const VarDecl *indexOf(const Expr *E) {
  while (E) {
    E = strip(E);
    if (const auto *UO = dyn_cast<UnaryOperator>(E))
      E = UO->getOpcode() == UO_AddrOf ? UO->getSubExpr() : nullptr;
    else if (const auto *M = dyn_cast<MemberExpr>(E))
      E = M->isArrow() ? nullptr : M->getBase();
    else if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
      return namedVar(A->getIdx());
    else
      return nullptr;
  }
  return nullptr;
}

static bool isNumber(const Expr *E, int64_t Number, const ASTContext &Ctx) {
  Expr::EvalResult R;
  return E && E->EvaluateAsInt(R, Ctx) && R.Val.getInt() == Number;
}

/// True where \p Loop, whose body says \p Index, ends before that is 0:
/// `while (--i > 0)`, `for (i--; i > 0; i--)`.
static bool stopsShort(const Stmt *Loop, const VarDecl *Index,
                       const ASTContext &Ctx) {
  const auto *While = dyn_cast<WhileStmt>(Loop);
  const auto *For = dyn_cast<ForStmt>(Loop);
  const Expr *Asked = While ? While->getCond() : For ? For->getCond() : nullptr;
  if (!Asked)
    return false;
  Asked = Asked->IgnoreParenImpCasts();
  int64_t Least = 1; // that it goes on with
  if (const auto *BO = dyn_cast<BinaryOperator>(Asked)) {
    if (BO->getOpcode() == BO_GE ? !isNumber(BO->getRHS(), 1, Ctx)
                                 : BO->getOpcode() != BO_GT)
      return false;
    if (BO->getOpcode() == BO_GT && !isNumber(BO->getRHS(), 0, Ctx)) {
      if (!isNumber(BO->getRHS(), 1, Ctx))
        return false;
      Least = 2;
    }
    Asked = BO->getLHS()->IgnoreParenImpCasts();
  }
  if (const auto *UO = dyn_cast<UnaryOperator>(Asked)) {
    if (namedVar(UO->getSubExpr()) != Index)
      return false;
    return UO->getOpcode() == UO_PreDec ||
           (UO->getOpcode() == UO_PostDec && Least > 1);
  }
  const auto *Step =
      For ? dyn_cast_or_null<UnaryOperator>(For->getInc()) : nullptr;
  return namedVar(Asked) == Index && Step && Step->isDecrementOp() &&
         namedVar(Step->getSubExpr()) == Index;
}

/// True where \p Loop counts up from 0: its first round is for element 0.
static bool beginsAtFirst(const Stmt *Loop, const ASTContext &Ctx) {
  const auto *For = dyn_cast_or_null<ForStmt>(Loop);
  const auto *Step =
      For ? dyn_cast_or_null<UnaryOperator>(For->getInc()) : nullptr;
  const VarDecl *Index =
      Step && Step->isIncrementOp()
          ? dyn_cast_or_null<VarDecl>(namedVar(Step->getSubExpr()))
          : nullptr;
  if (!Index)
    return false;
  if (const auto *BO = dyn_cast_or_null<BinaryOperator>(For->getInit()))
    return BO->getOpcode() == BO_Assign && namedVar(BO->getLHS()) == Index &&
           isNumber(BO->getRHS(), 0, Ctx);
  return Index->hasInit() && isNumber(Index->getInit(), 0, Ctx);
}

/// True where \p Tree is \p Part, or has it.
static bool hasPart(const Stmt *Tree, const Stmt *Part) {
  return Tree == Part || llvm::any_of(Tree->children(), [&](const Stmt *Child) {
           return Child && hasPart(Child, Part);
         });
}

/// True where \p Tree, once it has come to \p At, leaves the loop around it.
static bool leavesAfter(const Stmt *Tree, const Expr *At) {
  auto Has = [&](const Stmt *Part) { return Part && hasPart(Part, At); };
  if (const auto *If = dyn_cast<IfStmt>(Tree))
    return (Has(If->getThen()) && leavesAfter(If->getThen(), At)) ||
           (Has(If->getElse()) && leavesAfter(If->getElse(), At));
  const auto *Body = dyn_cast<CompoundStmt>(Tree);
  if (!Body)
    return false;
  bool Passed = false;
  for (const Stmt *Part : Body->body()) {
    if (Passed && isa<BreakStmt, ReturnStmt>(Part))
      return true;
    if (!Passed && Has(Part)) {
      if (leavesAfter(Part, At))
        return true;
      Passed = true;
    }
  }
  return false;
}

static const Stmt *bodyOf(const Stmt *Loop) {
  if (const auto *For = dyn_cast_or_null<ForStmt>(Loop))
    return For->getBody();
  const auto *While = dyn_cast_or_null<WhileStmt>(Loop);
  return While ? While->getBody() : nullptr;
}

bool isOnlyOnce(const Story &Told, const StoryStep &S, const Expr *Of) {
  const Stmt *Loop = Told.loopAround(S);
  const Stmt *Body = bodyOf(Loop);
  return Body && Of && indexOf(Of) && leavesAfter(Body, S.At) &&
         !Told.isInLoop(S, Loop);
}

bool takesMany(const Lives &L, const FunctionDecl *Opener,
               const CallExpr *Call) {
  const Story &Told = L.Known.story(Opener);
  return llvm::any_of(Told.steps(), [&](const StoryStep &S) {
    const Stmt *Body = S.At == Call ? bodyOf(Told.loopAround(S)) : nullptr;
    return Body && !leavesAfter(Body, Call);
  });
}

bool isCountedBack(const Lives &L, const FunctionDecl *Opener,
                   const CallExpr *Call, unsigned Group) {
  const Story &Told = L.Known.story(Opener);
  bool Takes = false, FromFirst = false, Gives = false, ToFirst = false;
  for (const StoryStep &S : Told.steps()) {
    if (S.At == Call && Told.isInLoop(S)) {
      Takes = true;
      FromFirst = beginsAtFirst(Told.loopAround(S), L.Model.Ctx);
    }
    std::optional<Deed> D = deedOf(Told, S);
    if (!D || !gives(*D, Group) || !Told.isInLoop(S))
      continue;
    Gives = true;
    const Stmt *Loop = Told.loopAround(S);
    const VarDecl *Index = D->Given ? indexOf(D->Given) : nullptr;
    ToFirst |= !Loop || !Index || !stopsShort(Loop, Index, L.Model.Ctx);
  }
  return Takes && Gives && (ToFirst || !FromFirst);
}

} // namespace vfio
