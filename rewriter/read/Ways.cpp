//===- Ways.cpp - What happens on each way through a function -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/Ways.h"
#include "clang/Analysis/CFG.h"

using namespace clang;

namespace vfio::rewriter {

static std::unique_ptr<CFG> graphOf(ASTContext &Ctx, const FunctionDecl *F) {
  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  return CFG::buildCFG(F, F->getBody(), &Ctx, Options);
}

Often countOnWays(ASTContext &Ctx, const FunctionDecl *F,
                  llvm::function_ref<Often(const CallExpr *)> Counts) {
  std::unique_ptr<CFG> Graph = graphOf(Ctx, F);
  if (!Graph)
    return {0, 2}; // nothing is known
  auto Through = [&](const CFGBlock &B, Often O) {
    for (const CFGElement &Element : B)
      if (auto S = Element.getAs<CFGStmt>())
        if (const auto *Call = dyn_cast<CallExpr>(S->getStmt())) {
          Often More = Counts(Call);
          O.Least = std::min(2u, O.Least + More.Least);
          O.Most = std::min(2u, O.Most + More.Most);
        }
    return O;
  };
  std::vector<std::optional<Often>> At(Graph->getNumBlockIDs());
  std::vector<const CFGBlock *> Work = {&Graph->getEntry()};
  At[Graph->getEntry().getBlockID()] = Often();
  while (!Work.empty()) {
    const CFGBlock *B = Work.back();
    Work.pop_back();
    Often Out = Through(*B, *At[B->getBlockID()]);
    for (const CFGBlock *Next : B->succs()) {
      if (!Next)
        continue;
      std::optional<Often> &There = At[Next->getBlockID()];
      Often Joined = There ? Often{std::min(There->Least, Out.Least),
                                   std::max(There->Most, Out.Most)}
                           : Out;
      if (There && Joined.Least == There->Least && Joined.Most == There->Most)
        continue;
      There = Joined;
      Work.push_back(Next);
    }
  }
  return At[Graph->getExit().getBlockID()].value_or(Often());
}

/// Goes from \p From on, element by element, until \p Visit returns false for
/// one: what is behind that is not looked at.
static void walkFrom(ASTContext &Ctx, const FunctionDecl *F, const Expr *From,
                     llvm::function_ref<bool(const Stmt *)> Visit) {
  std::unique_ptr<CFG> Graph = graphOf(Ctx, F);
  if (!Graph)
    return;
  std::vector<bool> Seen(Graph->getNumBlockIDs(), false);
  std::vector<const CFGBlock *> Work;
  auto Through = [&](const CFGBlock &B, bool Started) {
    for (const CFGElement &Element : B) {
      auto S = Element.getAs<CFGStmt>();
      if (!S)
        continue;
      if (Started && !Visit(S->getStmt()))
        return;
      Started |= S->getStmt() == From;
    }
    if (!Started)
      return;
    for (const CFGBlock *Next : B.succs())
      if (Next && !Seen[Next->getBlockID()]) {
        Seen[Next->getBlockID()] = true;
        Work.push_back(Next);
      }
  };
  for (const CFGBlock *B : *Graph)
    Through(*B, false);
  while (!Work.empty()) {
    const CFGBlock *B = Work.back();
    Work.pop_back();
    Through(*B, true);
  }
}

bool runsAgain(ASTContext &Ctx, const FunctionDecl *F, const Expr *What,
               const Expr *Unless) {
  bool Again = false;
  walkFrom(Ctx, F, What, [&](const Stmt *S) {
    Again |= S == What;
    return S != What && S != Unless;
  });
  return Again;
}

bool goesOnAfter(ASTContext &Ctx, const FunctionDecl *F, const CallExpr *Call) {
  bool More = false;
  walkFrom(Ctx, F, Call, [&](const Stmt *S) {
    const auto *BO = dyn_cast<BinaryOperator>(S);
    More |= isa<CallExpr, MemberExpr>(S) || (BO && BO->isAssignmentOp());
    return !More;
  });
  return More;
}

bool leadsTo(ASTContext &Ctx, const FunctionDecl *F, const Expr *From,
             const Stmt *To) {
  bool Found = false;
  walkFrom(Ctx, F, From, [&](const Stmt *S) {
    Found |= S == To;
    return !Found;
  });
  return Found;
}

} // namespace vfio::rewriter
