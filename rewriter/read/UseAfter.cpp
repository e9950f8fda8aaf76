//===- UseAfter.cpp - Is a variable used after a call? --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/UseAfter.h"
#include "lifecycle/ASTVisitor.h"
#include "lifecycle/Idioms.h"
#include "rewriter/read/Statements.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// The first name of a variable in a statement, the call's own arguments apart.
struct Mention : EvaluatedVisitor<Mention> {
  const VarDecl *Var;
  const CallExpr *Call;
  const Expr *Found = nullptr;
  Mention(const VarDecl *Var, const CallExpr *Call) : Var(Var), Call(Call) {}
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    if (E->getDecl() == Var && !holds(Call, E))
      Found = E;
    return !Found;
  }
};

/// What an element of a block means to the variable.
struct Effect {
  const Expr *Use = nullptr;
  bool Set = false;
};

} // namespace

static Effect effectOf(const CFGElement &Element, const VarDecl *Var,
                       const CallExpr *Call) {
  auto Statement = Element.getAs<CFGStmt>();
  if (!Statement)
    return {};
  const Stmt *S = Statement->getStmt();
  Mention M(Var, Call);
  const auto *BO = dyn_cast<BinaryOperator>(S);
  if (BO && BO->getOpcode() == BO_Assign && namedVar(BO->getLHS()) == Var) {
    M.TraverseStmt(BO->getRHS());
    return {M.Found, true};
  }
  // The left side of such an assignment is an element of its own.
  if (isa<DeclRefExpr>(S))
    return {};
  M.TraverseStmt(const_cast<Stmt *>(S));
  return {M.Found, false};
}

namespace {

/// Walks forward from a place in a graph.
class Search {
public:
  Search(const VarDecl *Var, const CallExpr *Call) : Var(Var), Call(Call) {}

  const Expr *from(const CFGBlock *B, unsigned First) {
    for (unsigned I = First; I < B->size(); ++I) {
      Effect E = effectOf((*B)[I], Var, Call);
      if (E.Use || E.Set)
        return E.Use;
    }
    for (const CFGBlock *Next : B->succs())
      if (Next && Seen.insert(Next).second)
        if (const Expr *Use = from(Next, 0))
          return Use;
    return nullptr;
  }

private:
  const VarDecl *Var;
  const CallExpr *Call;
  llvm::SmallPtrSet<const CFGBlock *, 16> Seen;
};

} // namespace

const Expr *firstUseAfter(ASTContext &Ctx, const FunctionDecl *F,
                          const CallExpr *Call, const VarDecl *Var) {
  std::unique_ptr<CFG> Graph =
      CFG::buildCFG(F, F->getBody(), &Ctx, CFG::BuildOptions());
  if (!Graph)
    return nullptr;
  for (const CFGBlock *B : *Graph)
    for (unsigned I = 0; I < B->size(); ++I)
      if (auto S = (*B)[I].getAs<CFGStmt>(); S && S->getStmt() == Call)
        return Search(Var, Call).from(B, I + 1);
  return nullptr;
}

} // namespace vfio::rewriter
