//===- FlowGraph.h - A function, ready to be walked -----------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_FLOWGRAPH_H
#define ENGINE_FLOWGRAPH_H

#include "clang/AST/Decl.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <memory>
#include <vector>

namespace engine {

/// The CFG of one function with what the walk asks of it.
struct FlowGraph {
  std::unique_ptr<clang::CFG> Graph;
  /// The blocks that can be reached: each before those that it leads to, but
  /// for loops, and all of a loop before what is behind it. The place of each
  /// in it by block id.
  std::vector<const clang::CFGBlock *> Order;
  std::vector<unsigned> Rank;
  /// By rank: the first rank behind the innermost loop that the block is in and
  /// does not begin; none is as high where it is in no such loop.
  std::vector<unsigned> LoopEnd;
  /// Expressions whose value, or whose choice of a branch, is used after the
  /// block that has it.
  llvm::DenseSet<const clang::Expr *> Carried;
  /// By statement, the carried expressions that it is made of.
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<const clang::Expr *, 2>>
      LastUse;
  /// By rank: the first rank that a walk can come back to from there, or from
  /// anything behind it.
  std::vector<unsigned> ComesBackTo;
  /// The variables that nothing reads any more once a block of this rank, or of
  /// a higher one, is left; by rank.
  std::vector<std::pair<unsigned, const clang::VarDecl *>> Dying;
  /// How many elements all blocks have.
  unsigned Size = 0;
};

/// True for `?:`, `&&` and `||`.
bool decidesByBranch(const clang::Expr *E);

/// The graphs of functions: built on demand, kept for the analysis.
class FlowGraphCache {
public:
  explicit FlowGraphCache(clang::ASTContext &Ctx) : Ctx(Ctx) {}

  /// The graph of \p F's definition; null where clang can make none.
  const FlowGraph *graph(const clang::FunctionDecl *F);

private:
  clang::ASTContext &Ctx;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<FlowGraph>>
      Graphs;
};

} // namespace engine

#endif // ENGINE_FLOWGRAPH_H
