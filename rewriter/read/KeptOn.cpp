//===- KeptOn.cpp - A structure that stays when its device has ended ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/read/KeptOn.h"
#include "lifecycle/ASTVisitor.h"

using namespace clang;

namespace vfio::rewriter {

namespace {

/// The functions that a function names, and those that it names without
/// calling them.
struct NamedFunctions : EvaluatedVisitor<NamedFunctions> {
  std::vector<const FunctionDecl *> All;
  std::set<const Expr *> Callees;
  std::vector<const DeclRefExpr *> Refs;
  bool VisitCallExpr(CallExpr *Call) ENGINE_OVERRIDE {
    Callees.insert(Call->getCallee()->IgnoreParenImpCasts());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *E) ENGINE_OVERRIDE {
    if (const auto *F = dyn_cast<FunctionDecl>(E->getDecl())) {
      All.push_back(F);
      Refs.push_back(E);
    }
    return true;
  }
};

/// Who names whom in a driver.
class NameGraph {
public:
  explicit NameGraph(const Program &P) {
    for (const auto &U : P.Units)
      for (const FunctionDecl *F : U->Model->Functions) {
        NamedFunctions N;
        N.TraverseStmt(F->getBody());
        for (const FunctionDecl *G : N.All)
          if (Program::Definition D = P.definition(Program::key(*U, G))) {
            Down[F].insert(D.F);
            Up[D.F].insert(F);
          }
        for (const DeclRefExpr *E : N.Refs)
          if (!N.Callees.count(E))
            if (Program::Definition D = P.definition(
                    Program::key(*U, cast<FunctionDecl>(E->getDecl()))))
              if (D.F->getNumParams() > 0)
                Callbacks.insert(D.F);
      }
  }

  using Set = std::set<const FunctionDecl *>;
  Set below(const Set &From) const { return closure(Down, From); }
  Set above(const Set &From) const { return closure(Up, From); }
  /// Functions with a parameter that some function gives away.
  Set Callbacks;

private:
  using Edges = std::map<const FunctionDecl *, Set>;
  static Set closure(const Edges &E, const Set &From) {
    Set Out = From;
    std::vector<const FunctionDecl *> Work(From.begin(), From.end());
    while (!Work.empty()) {
      auto It = E.find(Work.back());
      Work.pop_back();
      if (It == E.end())
        continue;
      for (const FunctionDecl *F : It->second)
        if (Out.insert(F).second)
          Work.push_back(F);
    }
    return Out;
  }

  Edges Down, Up;
};

} // namespace

std::vector<const SiteRef *> keptOn(const Program &P, const OldDriver &D) {
  NameGraph Graph(P);
  NameGraph::Set Later = Graph.below(Graph.Callbacks);
  std::vector<const SiteRef *> Out;
  for (const SiteRef &R : D.Uninits) {
    NameGraph::Set Around = Graph.below(Graph.above({R.S->In}));
    bool Freed = llvm::any_of(D.Frees, [&](const SiteRef &F) {
      return Around.count(F.S->In) || Later.count(F.S->In);
    });
    if (!Freed && !D.Frees.empty())
      Out.push_back(&R);
  }
  return Out;
}

} // namespace vfio::rewriter
