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

namespace {
/// Puts blocks in an order in which all of a loop, and of the loops in it,
/// comes before what is behind it. Else reverse post-order.
class LoopOrder {
public:
  explicit LoopOrder(FlowGraph &G)
      : Out(G.Order), Ends(G.LoopEnd), Part(G.Graph->getNumBlockIDs()),
        Number(Part.size()), Low(Part.size()) {}
  /// Adds what can be reached from \p Head, the first block of a loop or of
  /// the function, in the part that it is in: but for what leads back to it.
  void add(const CFGBlock *Head, unsigned Depth = 0);

private:
  using Blocks = std::vector<const CFGBlock *>;
  std::vector<Blocks> findLoops(const CFGBlock *Head);

  Blocks &Out;
  std::vector<unsigned> &Ends;
  /// By block: the innermost loop found so far, when it was come to, and the
  /// first block that leads back to it; 0 for not yet, and for no more.
  std::vector<unsigned> Part, Number, Low;
  unsigned Parts = 0, Numbers = 0;
};
} // namespace

/// How deep loops are told apart: `goto` can nest any number of them.
static constexpr unsigned MostNested = 32;

/// The blocks of the part of \p Head, those together that lead to each other:
/// each by when they were left last, what comes first the last.
std::vector<LoopOrder::Blocks> LoopOrder::findLoops(const CFGBlock *Head) {
  const unsigned In = Part[Head->getBlockID()];
  std::vector<Blocks> Found;
  std::vector<std::pair<const CFGBlock *, CFGBlock::const_succ_iterator>> Stack;
  Blocks Open; // those that were left, and are of a loop that is not
  auto Push = [&](const CFGBlock *B) {
    Number[B->getBlockID()] = Low[B->getBlockID()] = ++Numbers;
    Stack.push_back({B, B->succ_begin()});
  };
  const unsigned Before = Numbers;
  Push(Head);
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    unsigned &Mine = Low[B->getBlockID()];
    if (Next != B->succ_end()) {
      const CFGBlock *To = (Next++)->getReachableBlock();
      if (!To || To == Head || Part[To->getBlockID()] != In)
        continue;
      if (Number[To->getBlockID()] <= Before)
        Push(To);
      else if (Low[To->getBlockID()])
        Mine = std::min(Mine, Number[To->getBlockID()]);
      continue;
    }
    const CFGBlock *Left = B;
    unsigned First = Mine;
    Stack.pop_back();
    if (!Stack.empty()) {
      unsigned &Outer = Low[Stack.back().first->getBlockID()];
      Outer = std::min(Outer, First);
    }
    Open.push_back(Left);
    if (First != Number[Left->getBlockID()])
      continue;
    auto Begin = llvm::find_if(Open, [&](const CFGBlock *Other) {
      return Number[Other->getBlockID()] >= First;
    });
    Found.emplace_back(Begin, Open.end());
    Open.erase(Begin, Open.end());
    for (const CFGBlock *Of : Found.back())
      Low[Of->getBlockID()] = 0;
  }
  return Found;
}

void LoopOrder::add(const CFGBlock *Head, unsigned Depth) {
  std::vector<Blocks> Found = findLoops(Head);
  for (const Blocks &Loop : llvm::reverse(Found)) {
    if (Loop.size() == 1 || Depth == MostNested) {
      Out.insert(Out.end(), Loop.rbegin(), Loop.rend());
      continue;
    }
    ++Parts;
    for (const CFGBlock *B : Loop)
      Part[B->getBlockID()] = Parts;
    size_t Begin = Out.size();
    add(Loop.back(), Depth + 1);
    // Those of loops inside have theirs already.
    Ends.resize(Out.size(), UINT_MAX);
    for (unsigned &End :
         llvm::MutableArrayRef<unsigned>(Ends).drop_front(Begin + 1))
      End = std::min<unsigned>(End, Out.size());
  }
  Ends.resize(Out.size(), UINT_MAX);
}

/// Fills in the order of the blocks that can be reached.
static void orderBlocks(FlowGraph &G) {
  unsigned Blocks = G.Graph->getNumBlockIDs();
  LoopOrder(G).add(&G.Graph->getEntry());
  G.Rank.assign(Blocks, 0);
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
