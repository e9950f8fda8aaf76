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
    Found.Calls |=
        !Call->getBuiltinCallee() && !onlyAsks(*Call) && !preparesOwn(*Call);
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
  /// A local variable, or a part of the structure, which is nobody else's to
  /// read yet.
  bool isOwn(const Expr *E) const {
    E = E->IgnoreParenImpCasts();
    if (const VarDecl *V = namedVar(E))
      return V->hasLocalStorage();
    if (const auto *ME = dyn_cast<MemberExpr>(E))
      return ME->isArrow() ? leadsToOwn(ME->getBase()) : isOwn(ME->getBase());
    const auto *UO = dyn_cast<UnaryOperator>(E);
    return UO && UO->getOpcode() == UO_Deref && leadsToOwn(UO->getSubExpr());
  }
  /// The structure's pointer, or one into it: `&x->lock`.
  bool leadsToOwn(const Expr *E) const {
    E = strip(E);
    if (const auto *Call = dyn_cast<CallExpr>(E))
      return preparesOwn(*Call);
    const auto *UO = dyn_cast<UnaryOperator>(E);
    return (X && namedVar(E) == X) ||
           (UO && UO->getOpcode() == UO_AddrOf && isOwn(UO->getSubExpr()));
  }
  /// `mutex_init(&x->lock)`: a function of the kernel's that touches what it is
  /// given alone, and is given nothing but parts of the structure.
  bool preparesOwn(const CallExpr &Call) const {
    const FunctionDecl *F = Call.getDirectCallee();
    return X && F && !U.Model->isDriverFile(F->getLocation()) &&
           isPrivateState(P, U, &Call) &&
           llvm::all_of(Call.arguments(), [&](const Expr *Arg) {
             QualType T = Arg->getType();
             return !T->isPointerType() ||
                    T->getPointeeType().isConstQualified() ||
                    isa<StringLiteral>(strip(Arg)) || isOfMacro(Arg) ||
                    leadsToOwn(Arg);
           });
  }
  /// `&__key`, of a lock's class, which the macro declares for itself.
  static bool isOfMacro(const Expr *E) {
    const VarDecl *V = structureOf(E);
    return V && V->getLocation().isMacroID();
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
