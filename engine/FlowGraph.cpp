//===- FlowGraph.cpp - A function, ready to be walked ---------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/FlowGraph.h"
#include "clang/AST/Attr.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"

using namespace clang;

namespace engine {

bool decidesByBranch(const Expr *E) {
  const auto *BO = dyn_cast<BinaryOperator>(E);
  return (BO && BO->isLogicalOp()) || isa<AbstractConditionalOperator>(E);
}

namespace {
/// Finds the expressions that are evaluated in one block and used in another,
/// and where each variable is named last.
class UseFinder {
public:
  explicit UseFinder(FlowGraph &G) : G(G) {
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
    note(bare(User), In);
    search(User, User, In);
  }

  /// The rank of the last block that names each variable whose address nobody
  /// takes.
  llvm::DenseMap<const VarDecl *, unsigned> LastRank;
  llvm::DenseSet<const VarDecl *> Addressed;

private:
  static const Stmt *bare(const Stmt *S) {
    const auto *E = dyn_cast<Expr>(S);
    return E ? E->IgnoreParens() : S;
  }
  static const VarDecl *variable(const Stmt *S) {
    const auto *Ref = dyn_cast<DeclRefExpr>(S);
    return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  }
  void note(const Stmt *S, const CFGBlock *In) {
    if (const VarDecl *Var = variable(S)) {
      unsigned &Last = LastRank[Var];
      Last = std::max(Last, G.Rank[In->getBlockID()]);
    } else if (const auto *U = dyn_cast<UnaryOperator>(S)) {
      if (U->getOpcode() == UO_AddrOf)
        if (const VarDecl *Of = variable(bare(U->getSubExpr())))
          Addressed.insert(Of);
    } else if (const auto *Asm = dyn_cast<AsmStmt>(S)) {
      for (const Stmt *Operand : Asm->children())
        if (const VarDecl *Of = variable(bare(Operand)))
          Addressed.insert(Of);
    } else if (const auto *D = dyn_cast<DeclStmt>(S)) {
      for (const Decl *One : D->decls())
        if (const auto *Of = dyn_cast<VarDecl>(One);
            Of && Of->hasAttr<CleanupAttr>())
          Addressed.insert(Of);
    }
  }
  void search(const Stmt *S, const Stmt *User, const CFGBlock *In) {
    for (const Stmt *Child : S->children()) {
      if (!Child)
        continue;
      const Stmt *Part = bare(Child);
      const CFGBlock *From = Home.lookup(Part);
      if (const auto *E = dyn_cast<Expr>(Part);
          E && ((From && From != In) || decidesByBranch(E))) {
        G.Carried.insert(E);
        G.LastUse[User].push_back(E);
      }
      // What has a value by now is not looked into again: it was a user itself.
      if (From) {
        if (From == In && isa<Expr>(Part))
          G.LastUse[User].push_back(cast<Expr>(Part));
        continue;
      }
      note(Part, In);
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

/// The edges that lead back, as ranks: from where, and to where.
static std::vector<std::pair<unsigned, unsigned>>
backEdges(const FlowGraph &G) {
  std::vector<std::pair<unsigned, unsigned>> Edges;
  for (unsigned From = 0; From < G.Order.size(); ++From)
    for (const CFGBlock::AdjacentBlock &Next : G.Order[From]->succs())
      if (const CFGBlock *To = Next.getReachableBlock();
          To && G.Rank[To->getBlockID()] <= From)
        Edges.push_back({From, G.Rank[To->getBlockID()]});
  return Edges;
}

/// Fills in what a walk that leaves a block need not remember.
static void findEnds(FlowGraph &G, const UseFinder &Uses) {
  unsigned Blocks = G.Order.size();
  G.ComesBackTo.assign(Blocks, Blocks);
  // Where the loop ends that a block is in, with those that overlap.
  std::vector<unsigned> LoopEnd(Blocks);
  std::vector<bool> InLoop(Blocks);
  for (unsigned R = 0; R < Blocks; ++R)
    LoopEnd[R] = R;
  for (auto [From, To] : backEdges(G)) {
    G.ComesBackTo[From] = std::min(G.ComesBackTo[From], To);
    LoopEnd[To] = std::max(LoopEnd[To], From);
    InLoop[To] = InLoop[From] = true;
  }
  for (unsigned R = Blocks; R-- > 1;)
    G.ComesBackTo[R - 1] = std::min(G.ComesBackTo[R - 1], G.ComesBackTo[R]);
  for (unsigned R = 1; R < Blocks; ++R)
    if (LoopEnd[R - 1] >= R) {
      LoopEnd[R] = std::max(LoopEnd[R], LoopEnd[R - 1]);
      InLoop[R] = true;
    }
  // A loop may begin before the end of another, and end behind it.
  for (unsigned R = Blocks; R-- > 0;)
    LoopEnd[R] = LoopEnd[LoopEnd[R]];
  for (auto [Var, Rank] : Uses.LastRank)
    if (Var->hasLocalStorage() && Var->getType()->isScalarType() &&
        !Uses.Addressed.contains(Var)) {
      // The end of a loop leads back into it.
      unsigned End = LoopEnd[Rank] + InLoop[Rank];
      if (End < Blocks)
        G.Dying.push_back({End, Var});
    }
  llvm::sort(G.Dying, [](const auto &A, const auto &B) {
    return std::make_pair(A.first, A.second->getLocation()) <
           std::make_pair(B.first, B.second->getLocation());
  });
}

static std::unique_ptr<FlowGraph> build(const FunctionDecl *F,
                                        ASTContext &Ctx) {
  PrettyStackTraceDecl At(F, F->getLocation(), Ctx.getSourceManager(),
                          "finding the paths of");
  CFG::BuildOptions Options;
  Options.AddImplicitDtors = true; // for __attribute__((cleanup))
  auto G = std::make_unique<FlowGraph>();
  G->Graph = CFG::buildCFG(F, F->getBody(), &Ctx, Options);
  if (!G->Graph)
    return nullptr;
  orderBlocks(*G);
  UseFinder Finder(*G);
  for (const CFGBlock *B : G->Order) {
    G->Size += B->size();
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
  findEnds(*G, Finder);
  return G;
}

const FlowGraph *FlowGraphCache::graph(const FunctionDecl *F) {
  auto [It, New] = Graphs.try_emplace(F->getCanonicalDecl());
  if (New)
    It->second = build(F->getDefinition(), Ctx);
  return It->second.get();
}

} // namespace engine
