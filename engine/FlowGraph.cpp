//===- FlowGraph.cpp - A function, ready to be walked ---------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/FlowGraph.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace engine {

namespace {
/// Finds the expressions that are evaluated in one block and used in another.
class CarriedFinder {
public:
  explicit CarriedFinder(FlowGraph &G) : G(G) {
    for (const CFGBlock *B : G.Order)
      for (const CFGElement &Element : *B)
        if (auto S = Element.getAs<CFGStmt>())
          Home[bare(S->getStmt())] = B;
  }

  /// Looks through what \p User, evaluated in \p In, is made of.
  void find(const Stmt *User, const CFGBlock *In) {
    if (const auto *E = dyn_cast_or_null<Expr>(bare(User));
        E && decidesByBranch(E)) {
      G.Carried.insert(E);
      G.LastUse[User].push_back(E);
    }
    search(User, User, In);
  }

private:
  static const Stmt *bare(const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    return E ? E->IgnoreParens() : S;
  }
  static bool decidesByBranch(const Expr *E) {
    const auto *BO = dyn_cast<BinaryOperator>(E);
    return (BO && BO->isLogicalOp()) || isa<AbstractConditionalOperator>(E);
  }
  void search(const Stmt *S, const Stmt *User, const CFGBlock *In) {
    for (const Stmt *Child : S->children()) {
      if (!Child)
        continue;
      if (const auto *E = dyn_cast_or_null<Expr>(bare(Child))) {
        const CFGBlock *From = Home.lookup(E);
        if ((From && From != In) || decidesByBranch(E)) {
          G.Carried.insert(E);
          G.LastUse[User].push_back(E);
        }
      }
      search(Child, User, In);
    }
  }

  FlowGraph &G;
  llvm::DenseMap<const Stmt *, const CFGBlock *> Home;
};
} // namespace

/// Fills in the reverse post-order of the blocks that can be reached.
static void orderBlocks(FlowGraph &G) {
  std::vector<bool> Seen(G.Graph->getNumBlockIDs());
  std::vector<std::pair<const CFGBlock *, CFGBlock::const_succ_iterator>> Stack;
  auto Push = [&](const CFGBlock *B) {
    if (!B || Seen[B->getBlockID()])
      return;
    Seen[B->getBlockID()] = true;
    Stack.push_back({B, B->succ_begin()});
  };
  Push(&G.Graph->getEntry());
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    if (Next != B->succ_end()) {
      const CFGBlock *Successor = (Next++)->getReachableBlock();
      Push(Successor);
      continue;
    }
    G.Order.push_back(B);
    Stack.pop_back();
  }
  std::reverse(G.Order.begin(), G.Order.end());
  G.Rank.assign(G.Graph->getNumBlockIDs(), 0);
  for (unsigned I = 0; I < G.Order.size(); ++I)
    G.Rank[G.Order[I]->getBlockID()] = I;
}

static std::unique_ptr<FlowGraph> build(const FunctionDecl *F,
                                        ASTContext &Ctx) {
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true; // for __attribute__((cleanup))
  auto G = std::make_unique<FlowGraph>();
  G->Graph = CFG::buildCFG(F, F->getBody(), &Ctx, Options);
  if (!G->Graph)
    return nullptr;
  orderBlocks(*G);
  CarriedFinder Finder(*G);
  for (const CFGBlock *B : G->Order) {
    for (const CFGElement &Element : *B)
      if (auto S = Element.getAs<CFGStmt>())
        Finder.find(S->getStmt(), B);
    const Stmt *T = B->getTerminatorStmt();
    const auto *Condition =
        dyn_cast_or_null<Expr>(T ? B->getTerminatorCondition() : nullptr);
    // The operators of `if (a && b)` are branches themselves, not values; but
    // in `while` after `do` their paths have met again, in a block of its own.
    if (Condition &&
        (!isa<BinaryOperator>(Condition->IgnoreParens()) || B->empty()))
      Finder.find(Condition->IgnoreParens(), B);
  }
  return G;
}

const FlowGraph *FlowGraphCache::graph(const FunctionDecl *F) {
  auto [It, New] = Graphs.try_emplace(F->getCanonicalDecl());
  if (New)
    It->second = build(F->getDefinition(), Ctx);
  return It->second.get();
}

} // namespace engine
