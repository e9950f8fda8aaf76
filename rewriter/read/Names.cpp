//===- Names.cpp - What a statement names, sets and leaves by -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Names.h"
#include "lifecycle/Idioms.h"

using namespace clang;

namespace vfio::rewriter {

bool Names::VisitDeclRefExpr(DeclRefExpr *E) {
  if (const auto *V = dyn_cast<VarDecl>(E->getDecl()))
    if (!V->hasGlobalStorage())
      Vars.insert(V);
  return true;
}

bool Names::VisitGotoStmt(GotoStmt *G) {
  Gotos.push_back(G);
  return true;
}

bool Names::VisitReturnStmt(ReturnStmt *R) {
  Returns.push_back(R);
  return true;
}

bool Names::VisitBinaryOperator(BinaryOperator *BO) {
  if (BO->isAssignmentOp())
    if (const auto *V =
            dyn_cast<DeclRefExpr>(BO->getLHS()->IgnoreParenImpCasts()))
      if (const auto *Var = dyn_cast<VarDecl>(V->getDecl()))
        Written.insert(Var);
  if (BO->isComparisonOp())
    for (const Expr *Side : {BO->getLHS(), BO->getRHS()})
      Compared.insert(Side->IgnoreParenImpCasts());
  return true;
}

bool Names::VisitUnaryOperator(UnaryOperator *UO) {
  if (UO->isIncrementDecrementOp() ||
      (UO->getOpcode() == UO_AddrOf && !Compared.contains(UO)))
    if (const auto *Ref =
            dyn_cast<DeclRefExpr>(UO->getSubExpr()->IgnoreParens()))
      if (const auto *Var = dyn_cast<VarDecl>(Ref->getDecl()))
        Written.insert(Var);
  return true;
}

VarSet Names::foreign() const {
  VarSet Out;
  for (const VarDecl *V : Vars)
    if (!V->getLocation().isMacroID())
      Out.insert(V);
  return Out;
}

Names namesIn(const Stmt *S) {
  Names N;
  N.TraverseStmt(const_cast<Stmt *>(S));
  return N;
}

std::optional<std::string>
textWith(const Unit &U, const Stmt *S,
         const std::map<const VarDecl *, std::string> &By) {
  struct Refs : ASTVisitor<Refs> {
    std::map<unsigned, const DeclRefExpr *> Found; // from the back
    const Unit &U;
    const std::map<const VarDecl *, std::string> &By;
    bool InText = true;
    Refs(const Unit &U, const std::map<const VarDecl *, std::string> &By)
        : U(U), By(By) {}
    bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
      if (const auto *V = dyn_cast<VarDecl>(E->getDecl()); V && By.count(V)) {
        FileRange At = U.range(E->getSourceRange());
        InText &= bool(At);
        Found[At.Begin] = E;
      }
      return true;
    }
  } R(U, By);
  R.TraverseStmt(const_cast<Stmt *>(S));
  FileRange Whole = U.range(S->getSourceRange());
  if (!Whole || !R.InText)
    return std::nullopt;
  std::string Out = U.text(S->getSourceRange());
  for (const auto &[Begin, E] : llvm::reverse(R.Found))
    Out.replace(Begin - Whole.Begin, E->getDecl()->getName().size(),
                By.at(cast<VarDecl>(E->getDecl())));
  return Out;
}

bool EntryReads::walkIf(const IfStmt *If) {
  read(If->getCond());
  VarSet Before = Set;
  bool Then = walk(If->getThen());
  VarSet AfterThen = std::exchange(Set, Before);
  bool Else = walk(If->getElse());
  if (!Else)
    Set = AfterThen;
  else if (Then)
    for (auto It = Set.begin(); It != Set.end();)
      It = AfterThen.count(*It) ? std::next(It) : Set.erase(It);
  return Then || Else;
}

void EntryReads::walkFor(const ForStmt *For) {
  walk(For->getInit());
  read(For->getCond());
  VarSet Before = Set;
  walk(For->getBody());
  read(For->getInc());
  Set = Before;
}

bool EntryReads::walk(const Stmt *S) {
  if (!S)
    return true;
  if (const auto *Block = dyn_cast<CompoundStmt>(S))
    return llvm::all_of(Block->body(),
                        [&](const Stmt *In) { return walk(In); });
  if (const auto *If = dyn_cast<IfStmt>(S))
    return walkIf(If);
  if (const auto *For = dyn_cast<ForStmt>(S)) {
    walkFor(For);
    return true;
  }
  if (const auto *G = dyn_cast<GotoStmt>(S)) {
    for (unsigned I : tailOf(Items, G->getLabel()))
      if (const auto *R = dyn_cast<ReturnStmt>(Items[I].S))
        read(R);
    return false;
  }
  const auto *BO = dyn_cast<BinaryOperator>(S);
  const VarDecl *V =
      BO && BO->getOpcode() == BO_Assign ? namedVar(BO->getLHS()) : nullptr;
  read(V ? BO->getRHS() : S);
  if (V)
    Set.insert(V);
  return !isa<ReturnStmt>(S);
}

void EntryReads::read(const Stmt *S) {
  if (!S)
    return;
  for (const VarDecl *V : namesIn(S).Vars)
    if (!Set.count(V))
      Found.insert(V);
}

} // namespace vfio::rewriter
