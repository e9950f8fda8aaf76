//===- NullTest.cpp - Tests of a pointer against NULL ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/NullTest.h"
#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Statements.h"
#include "clang/AST/ParentMapContext.h"

using namespace clang;

namespace vfio::rewriter {

static bool isNull(const Expr *E, ASTContext &Ctx) {
  return E->IgnoreParenImpCasts()->isNullPointerConstant(
      Ctx, Expr::NPC_ValueDependentIsNotNull);
}

/// \p E, followed through a variable that a macro keeps it in (WARN_ON).
static const Expr *throughMacro(const Expr *E) {
  E = strip(E);
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  bool Own = Var && Var->hasInit() && Var->getLocation().isMacroID();
  return Own ? throughMacro(Var->getInit()) : E;
}

NullTest nullTest(const Unit &U, const Expr *Cond, llvm::StringRef X,
                  const CallExpr *Alloc) {
  const Expr *T = throughMacro(Cond);
  if (T == Alloc)
    return {};
  auto Names = [&](const Expr *E) {
    const Expr *P = E->IgnoreParenImpCasts();
    if (const auto *BO = dyn_cast<BinaryOperator>(P);
        BO && BO->getOpcode() == BO_Assign)
      P = BO->getLHS();
    return U.text(P->getSourceRange()) == X;
  };
  // `!!(x)` of unlikely() and WARN_ON() is peeled pair by pair.
  while (const auto *Outer = dyn_cast<UnaryOperator>(T)) {
    if (Outer->getOpcode() != UO_LNot)
      break;
    const Expr *Sub = throughMacro(Outer->getSubExpr());
    const auto *Inner = dyn_cast<UnaryOperator>(Sub);
    if (Inner && Inner->getOpcode() == UO_LNot) {
      T = throughMacro(Inner->getSubExpr());
      continue;
    }
    if (const auto *BO = dyn_cast<BinaryOperator>(Sub);
        BO && BO->isEqualityOp())
      break;
    return Names(Outer->getSubExpr()) ? NullTest{Outer, true} : NullTest{};
  }
  ASTContext &Ctx = U.Model->Ctx;
  // ZERO_OR_NULL_PTR(x): not above the address that an empty allocation has.
  if (const auto *BO = dyn_cast<BinaryOperator>(T);
      BO && BO->getOpcode() == BO_LE && Names(strip(BO->getLHS()))) {
    Expr::EvalResult Bound;
    bool Low = strip(BO->getLHS())->getType()->isPointerType() &&
               BO->getRHS()->EvaluateAsInt(Bound, Ctx) &&
               Bound.Val.getInt().getLimitedValue() <= 16;
    return Low ? NullTest{BO, true} : NullTest{};
  }
  if (const auto *BO = dyn_cast<BinaryOperator>(T); BO && BO->isEqualityOp()) {
    if ((Names(BO->getLHS()) && isNull(BO->getRHS(), Ctx)) ||
        (Names(BO->getRHS()) && isNull(BO->getLHS(), Ctx)))
      return {BO, BO->getOpcode() == BO_EQ};
    return {};
  }
  return T->getType()->isPointerType() && Names(T) ? NullTest{T, false}
                                                   : NullTest{};
}

/// The statements behind \p S in its block.
static std::vector<const Stmt *> behind(const Unit &U, const Stmt *S) {
  ASTContext &Ctx = U.Model->Ctx;
  auto Parents = Ctx.getParents(*S);
  const Stmt *Child = S;
  while (!Parents.empty()) {
    const auto *P = Parents[0].get<Stmt>();
    if (const auto *Block = dyn_cast_or_null<CompoundStmt>(P)) {
      auto It = llvm::find(Block->body(), Child);
      return It == Block->body_end()
                 ? std::vector<const Stmt *>()
                 : std::vector<const Stmt *>(std::next(It), Block->body_end());
    }
    if (!isa_and_nonnull<LabelStmt>(P))
      return {};
    Child = P;
    Parents = Ctx.getParents(*P);
  }
  return {};
}

const IfStmt *findNullCheck(const Unit &U, const Stmt *AllocStmt,
                            llvm::StringRef X, const CallExpr *Alloc) {
  // `if (!(x = kzalloc()))`: the statement is the test.
  if (const auto *If = dyn_cast<IfStmt>(AllocStmt))
    return nullTest(U, If->getCond(), X, Alloc) ? If : nullptr;
  for (const Stmt *S : behind(U, AllocStmt))
    if (const auto *If = dyn_cast<IfStmt>(S))
      if (nullTest(U, If->getCond(), X, Alloc))
        return If;
  return nullptr;
}

const Expr *choiceAfter(const Unit &U, const Stmt *AllocStmt, llvm::StringRef X,
                        const CallExpr *Alloc) {
  ASTContext &Ctx = U.Model->Ctx;
  std::vector<const Stmt *> Rest = behind(U, AllocStmt);
  const auto *BO =
      Rest.empty() ? nullptr : dyn_cast<BinaryOperator>(Rest.front());
  if (!BO || BO->getOpcode() != BO_Assign || !BO->getType()->isIntegerType())
    return nullptr;
  const auto *Choice =
      dyn_cast<ConditionalOperator>(BO->getRHS()->IgnoreParenImpCasts());
  NullTest T = Choice ? nullTest(U, Choice->getCond(), X, Alloc) : NullTest();
  if (!T)
    return nullptr;
  const Expr *Failed =
      T.WhenNull ? Choice->getTrueExpr() : Choice->getFalseExpr();
  const Expr *Good =
      T.WhenNull ? Choice->getFalseExpr() : Choice->getTrueExpr();
  Expr::EvalResult Error, Zero;
  bool Plain = Failed->EvaluateAsInt(Error, Ctx) &&
               Error.Val.getInt().isNegative() &&
               Good->EvaluateAsInt(Zero, Ctx) && Zero.Val.getInt().isZero();
  return Plain ? BO->getRHS() : nullptr;
}

namespace {
/// Collects the tests of one variable.
class Tests : public ASTVisitor<Tests> {
public:
  Tests(const VarDecl *X, ASTContext &Ctx) : X(X), Ctx(Ctx) {}
  std::vector<NullTest> Found;

  bool VisitIfStmt(IfStmt *If) ENGINE_OVERRIDE {
    asTruth(If->getCond());
    for (NullTest &T : Found)
      if (!T.If && holds(If->getCond(), T.E))
        T.If = If;
    Ifs.push_back(If);
    return true;
  }
  bool VisitWhileStmt(WhileStmt *While) ENGINE_OVERRIDE {
    asTruth(While->getCond());
    return true;
  }
  bool VisitConditionalOperator(ConditionalOperator *Choice) ENGINE_OVERRIDE {
    asTruth(Choice->getCond());
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
    if (UO->getOpcode() == UO_LNot && isIt(UO->getSubExpr()))
      add(UO, true);
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
    if (BO->isLogicalOp()) {
      asTruth(BO->getLHS());
      asTruth(BO->getRHS());
    } else if (BO->isEqualityOp() &&
               ((isIt(BO->getLHS()) && isNull(BO->getRHS(), Ctx)) ||
                (isIt(BO->getRHS()) && isNull(BO->getLHS(), Ctx)))) {
      add(BO, BO->getOpcode() == BO_EQ);
    }
    return true;
  }

private:
  bool isIt(const Expr *E) const {
    const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
    return Ref && Ref->getDecl() == X;
  }
  void asTruth(const Expr *E) {
    if (isIt(E))
      add(E->IgnoreParenImpCasts(), false);
  }
  void add(const Expr *E, bool WhenNull) {
    NullTest T{E, WhenNull};
    for (const IfStmt *If : Ifs)
      if (holds(If->getCond(), E))
        T.If = If;
    Found.push_back(T);
  }

  const VarDecl *X;
  ASTContext &Ctx;
  std::vector<const IfStmt *> Ifs;
};
} // namespace

std::vector<NullTest> nullTestsOf(const Stmt *S, const VarDecl *X,
                                  ASTContext &Ctx) {
  Tests T(X, Ctx);
  T.TraverseStmt(const_cast<Stmt *>(S));
  return T.Found;
}

bool endsInExit(const Stmt *S) {
  if (const auto *Block = dyn_cast<CompoundStmt>(S))
    return !Block->body_empty() && endsInExit(Block->body_back());
  return isa<ReturnStmt, GotoStmt>(S);
}

const ParmVarDecl *nullGuard(const Stmt *S) {
  const auto *If = dyn_cast<IfStmt>(S);
  const auto *Not =
      If ? dyn_cast<UnaryOperator>(strip(If->getCond())) : nullptr;
  if (!Not || Not->getOpcode() != UO_LNot || If->getElse())
    return nullptr;
  return dyn_cast_or_null<ParmVarDecl>(namedVar(Not->getSubExpr()));
}

bool doesNothingForNull(const Program &P, const Unit &U, const CallExpr *Call,
                        const VarDecl *X) {
  Program::Definition F = P.callee(U, Call);
  std::vector<Item> Items = F ? itemsOf(F.F) : std::vector<Item>();
  if (Items.empty() || !isa<IfStmt>(Items.front().S) ||
      !endsInExit(cast<IfStmt>(Items.front().S)->getThen()))
    return false;
  const ParmVarDecl *Guarded = nullGuard(Items.front().S);
  unsigned I = Guarded ? Guarded->getFunctionScopeIndex() : 0;
  return Guarded && I < Call->getNumArgs() && namedVar(Call->getArg(I)) == X;
}

} // namespace vfio::rewriter
