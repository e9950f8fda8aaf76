//===- FlowGraph.h - Functions, ready to be walked ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The call graph of a TU as far as life-cycles go, and the CFGs of the
// functions that matter: built on demand, kept for the analysis.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_FLOWGRAPH_H
#define VFIO_LIFECYCLE_FLOWGRAPH_H

#include "lifecycle/TUModel.h"
#include "clang/Analysis/CFG.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace vfio::flow {

/// The CFG of one function with what the walk asks of it.
struct FlowGraph {
  std::unique_ptr<clang::CFG> Graph;
  /// Blocks in reverse post-order, and the place of each in it by block id.
  std::vector<const clang::CFGBlock *> Order;
  std::vector<unsigned> Rank;
  /// Expressions whose value, or whose choice of a branch, is used after the
  /// block that has it.
  llvm::DenseSet<const clang::Expr *> Carried;
  /// By statement, the carried expressions that it is made of.
  llvm::DenseMap<const clang::Stmt *, llvm::SmallVector<const clang::Expr *, 2>>
      LastUse;
};

/// What part a function plays in the life of a device.
enum class Part {
  Other,
  Init,     ///< `.init` of an ops table
  Release,  ///< `.release` of one
  Callback, ///< another of an ops table: the device is registered
  Probe,    ///< of a bus driver: starts from nothing
  Remove    ///< of a bus driver: finds a registered device
};

/// The functions of a TU and how they call each other.
class FlowGraphs {
public:
  explicit FlowGraphs(const TUModel &Model);

  /// The graph of \p F, a definition of the driver; null where clang can make
  /// none.
  const FlowGraph *graph(const clang::FunctionDecl *F);
  /// The driver's definition of \p F, or null.
  const clang::FunctionDecl *definition(const clang::FunctionDecl *F) const;

  /// True where \p F, or a function of this TU that it calls, does something
  /// in the life of a device or of a resource.
  bool matters(const clang::FunctionDecl *F) const {
    return Mattering.contains(F);
  }
  /// True where something of the model itself is called.
  bool touchesDevice(const clang::FunctionDecl *F) const {
    return Devices.contains(F);
  }
  Part partOf(const clang::FunctionDecl *F) const;
  /// The functions to start from, in the order of a driver's life.
  std::vector<const clang::FunctionDecl *> roots() const;

private:
  bool isRoot(const clang::FunctionDecl *F) const;
  void scan();
  void propagate(llvm::DenseSet<const clang::FunctionDecl *> &Set);

  const TUModel &Model;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<FlowGraph>>
      Graphs;
  llvm::DenseSet<const clang::FunctionDecl *> Definitions, Mattering, Devices,
      Called, Named;
  llvm::DenseMap<const clang::FunctionDecl *,
                 llvm::SmallVector<const clang::FunctionDecl *, 4>>
      Callers;
  llvm::DenseMap<const clang::FunctionDecl *, Part> Parts;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_FLOWGRAPH_H
