//===- MoveFailures.cpp - What a failure gives back -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where @init fails, probe goes on as where the allocation fails: what that
// gives back is what the failed set-up gave back behind the put.
//
//===----------------------------------------------------------------------===//

#include "lifecycle/ASTVisitor.h"
#include "rewriter/plan/Mover.h"
#include "clang/AST/Attr.h"

using namespace clang;

namespace vfio::rewriter {

/// True where \p S does more than to say something, or to set a local variable.
static bool acts(const Stmt *S) {
  struct Finder : ASTVisitor<Finder> {
    bool Found = false;
    bool TraverseCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
      const FunctionDecl *F = Call->getDirectCallee();
      Found |= !F || !(F->getBuiltinID() || F->hasAttr<FormatAttr>() ||
                       roleOf(*Call) == Role::PtrErr);
      return true;
    }
    void changes(const Expr *E) {
      const VarDecl *V = namedVar(E);
      Found |= !V || !V->hasLocalStorage();
    }
    bool VisitBinaryOperator(BinaryOperator *BO) ENGINE_OVERRIDE {
      if (BO->isAssignmentOp())
        changes(BO->getLHS());
      return true;
    }
    bool VisitUnaryOperator(UnaryOperator *UO) ENGINE_OVERRIDE {
      if (UO->isIncrementDecrementOp())
        changes(UO->getSubExpr());
      return true;
    }
  } F;
  F.TraverseStmt(const_cast<Stmt *>(S));
  return F.Found;
}

/// What is done from label \p L on, behind the put where \p BehindPut is true.
std::vector<std::string> Mover::actsFrom(const LabelDecl *L,
                                         bool BehindPut) const {
  std::vector<std::string> Out;
  for (unsigned I : tailOf(Items, L)) {
    if (isPut(Items[I].S)) {
      BehindPut = false;
      Out.clear();
    } else if (!BehindPut && !isa<ReturnStmt, GotoStmt>(Items[I].S) &&
               acts(Items[I].S)) {
      Out.push_back(text(Items[I].S));
    }
  }
  return Out;
}

bool Mover::checkFailures() {
  if (!Given.empty())
    return true; // @init gives it back itself
  const Stmt *Branch = cast<IfStmt>(Items[Check].S)->getThen();
  std::vector<std::string> Allocation;
  for (const Stmt *S :
       isa<CompoundStmt>(Branch)
           ? std::vector<const Stmt *>(cast<CompoundStmt>(Branch)->body_begin(),
                                       cast<CompoundStmt>(Branch)->body_end())
           : std::vector<const Stmt *>{Branch}) {
    if (const auto *G = dyn_cast<GotoStmt>(S))
      llvm::append_range(Allocation, actsFrom(G->getLabel(), false));
    else if (!isa<ReturnStmt>(S) && acts(S))
      Allocation.push_back(text(S));
  }
  for (unsigned M : Moved) {
    Names N = namesIn(Items[M].S);
    bool Same = N.Returns.empty() || Allocation.empty();
    for (const GotoStmt *G : N.Gotos)
      Same &= actsFrom(G->getLabel(), true) == Allocation;
    if (!Same)
      return no("an error path does not give back what the failed allocation "
                "does");
  }
  return true;
}

} // namespace vfio::rewriter
