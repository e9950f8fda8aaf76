//===- AllocFlow.h - Which allocation a pointer can come from -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An inclusion-based points-to analysis over a whole program, for one
// question: which allocations reach this free, this init, this register. It
// does not follow the order of statements; it follows variables, parameters,
// results, members (one node a member of a record) and drvdata, and treats a
// pointer into a structure as a pointer to the structure. That is how one
// allocation that is used both for a vfio device and for something else is
// told from another that is not.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_ALLOCFLOW_H
#define VFIO_REWRITER_ALLOCFLOW_H

#include "rewriter/read/PointedFunctions.h"
#include "llvm/ADT/DenseMap.h"
#include <set>

namespace vfio::rewriter {

/// A call that allocates a structure which embeds a vfio_device.
struct AllocSite {
  const Unit *U = nullptr;
  const clang::FunctionDecl *In = nullptr;
  const clang::CallExpr *Call = nullptr;
  const ApiFunction *Api = nullptr;
  DeviceRecord Record;   ///< what is allocated
  std::string RecordKey; ///< Program::key of it
};

class AllocFlow {
public:
  explicit AllocFlow(const Program &P);

  const std::vector<AllocSite> &allocs() const { return Allocs; }

  /// What calls by a pointer can call.
  const PointedFunctions &pointed() const { return Pointed; }

  /// The indices of the allocations that \p E, inside \p In, can point to.
  std::set<unsigned> pointsTo(const Unit &U, const clang::FunctionDecl *In,
                              const clang::Expr *E) const;
  /// The same for the parameter or local variable \p V.
  std::set<unsigned> pointsTo(const Unit &U, const clang::VarDecl *V) const;

private:
  friend class FlowCollector;
  using Node = unsigned;

  Node node(const std::string &Key);
  Node findNode(const std::string &Key) const;
  std::string varKey(const Unit &U, const clang::VarDecl *V) const;
  std::string paramKey(const std::string &Function, unsigned Index) const;
  /// The nodes whose values \p E can have.
  void sources(const Unit &U, const clang::FunctionDecl *In,
               const clang::Expr *E, std::vector<std::string> &Out,
               unsigned Depth = 0) const;
  void addResult(const Unit &U, const clang::CallExpr *Call,
                 std::vector<std::string> &Out) const;
  void edge(const std::string &From, const std::string &To);
  void solve();
  const clang::RecordDecl *allocatedRecord(const Unit &U, const Site &S) const;

  const Program &P;
  PointedFunctions Pointed;
  std::vector<AllocSite> Allocs;
  llvm::DenseMap<const clang::CallExpr *, unsigned> AllocOf;
  llvm::StringMap<Node> Nodes;
  std::vector<std::set<Node>> Out;
  std::vector<std::set<unsigned>> Points;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_ALLOCFLOW_H
