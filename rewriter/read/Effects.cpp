//===- Effects.cpp - What a statement changes, and what it reads ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Effects.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/NullTest.h"
#include "rewriter/read/PrivateState.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// What a statement of \c U does that another one can notice, and what it
/// notices.
struct EffectFinder : EvaluatedVisitor<EffectFinder> {
  EffectFinder(const Program &P, const Unit &U, const VarDecl *X,
               unsigned Depth = 0)
      : P(P), U(U), X(X), Depth(Depth) {}
  Effects Found;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Found.Calls |= !Call->getBuiltinCallee() && !onlyAsks(*Call);
    Found.Reads |= !Call->getBuiltinCallee();
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    Found.Stores |= BO->isAssignmentOp() && !isOwn(BO->getLHS());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    Found.Stores |= UO->isIncrementDecrementOp() && !isOwn(UO->getSubExpr());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *) ENGINE_OVERRIDE {
    Found.Reads = true;
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    Found.Reads |=
        V && V->hasGlobalStorage() && !V->getType().isConstQualified();
    return true;
  }

private:
  /// A local variable, or what is written into the structure, which is nobody
  /// else's to read yet.
  bool isOwn(const Expr *E) const {
    const Expr *LHS = E->IgnoreParenImpCasts();
    const VarDecl *V = namedVar(LHS);
    const auto *ME = dyn_cast<MemberExpr>(LHS);
    return (V && V->hasLocalStorage()) ||
           (ME && ME->isArrow() && X && namedVar(ME->getBase()) == X);
  }
  /// A function that changes nothing: of the driver's own, what it does tells.
  bool onlyAsks(const CallExpr &Call) const {
    constexpr unsigned Deepest = 3;
    const FunctionDecl *F = Call.getDirectCallee();
    if (F && !U.Model->isDriverFile(F->getCanonicalDecl()->getLocation()))
      return onlyReads(Call);
    Program::Definition D = P.callee(U, &Call);
    if (!D || Depth >= Deepest)
      return false;
    EffectFinder Inner(P, *D.U, nullptr, Depth + 1);
    Inner.TraverseStmt(D.F->getBody());
    return !Inner.Found.Calls && !Inner.Found.Stores;
  }

  const Program &P;
  const Unit &U;
  const VarDecl *X;
  unsigned Depth;
};

} // namespace

Effects effectsOf(const Program &P, const Unit &U, const Stmt *S,
                  const VarDecl *X) {
  EffectFinder E(P, U, X);
  E.TraverseStmt(const_cast<Stmt *>(S));
  return E.Found;
}

namespace {
/// Whether all variables of a statement are \c X, or a macro's own.
struct NamesOnly : ASTVisitor<NamesOnly> {
  explicit NamesOnly(const VarDecl *X) : X(X) {}
  bool Holds = true;
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    const auto *V = dyn_cast<VarDecl>(E->getDecl());
    Holds &= !V || V == X || V->getLocation().isMacroID();
    return true;
  }

private:
  const VarDecl *X;
};
} // namespace

bool mayBeNoticed(const Program &P, const Unit &U, const Stmt *S,
                  const VarDecl *X) {
  Effects E = effectsOf(P, U, S, X);
  NamesOnly Its(X);
  Its.TraverseStmt(const_cast<Stmt *>(S));
  return (E.Calls || E.Stores) && !(Its.Holds && isPrivateState(P, U, S));
}

const Stmt *beforeNext(const Stmt *S) {
  const auto *Test = dyn_cast<IfStmt>(S);
  bool Leaves = Test && !Test->getElse() && endsInExit(Test->getThen());
  return Leaves ? Test->getCond() : S;
}

bool mayGuard(const Stmt *S, const VarSet &Read) {
  const Stmt *Asked = beforeNext(S);
  return Asked != S && llvm::any_of(namesIn(Asked).Vars, [&](const VarDecl *V) {
           return Read.count(V) != 0;
         });
}

} // namespace vfio::rewriter
