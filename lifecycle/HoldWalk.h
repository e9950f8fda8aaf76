//===- HoldWalk.h - What the paths of a callback leave held ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A client of the engine: what calls take and give back, by the tables of
// contracts/. It walks each function that something outside of the driver
// calls, and writes down, as plain values, what is held at each way out.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_HOLDWALK_H
#define VFIO_LIFECYCLE_HOLDWALK_H

#include "contracts/ResourceTable.h"
#include "engine/Walker.h"
#include "lifecycle/PathEngine.h"
#include "lifecycle/Remark.h"
#include "lifecycle/Stages.h"
#include <set>

namespace vfio {

/// Something that a function has taken and holds, or has given back.
struct Holding {
  unsigned Group = MemoryGroup;
  ResourceKind Kind = ResourceKind::Memory;
  const clang::CallExpr *At = nullptr; ///< the call that took or gave it
};

/// True where what points to \p H is of no use once that was given back. What
/// is counted by a pointer that was there before can be taken by it again.
bool isOnesOwn(const Holding &H);

/// One way out of a function.
struct WayOut {
  bool Fails = false, Succeeds = false;
  engine::Signs Result = engine::AnySign; ///< what is returned
  bool Guessed = false; ///< a member was asked that may say what was taken
  const clang::ReturnStmt *Return = nullptr;
  clang::SourceLocation Where;
  /// What it holds, and what it has given back that it did not take.
  llvm::SmallVector<Holding, 2> Held, Given;
  /// What some of the paths that leave by it have given back besides.
  llvm::SmallVector<Holding, 2> MayBeGiven;
  /// Members of the device's structure that still point to what was freed.
  llvm::SmallVector<Holding, 1> Stale;
  /// Of what was not taken, such members still have the error.
  llvm::SmallVector<Holding, 1> Errors;
  /// What was given back though this path has not taken it.
  llvm::SmallVector<Holding, 1> NotTaken;
  /// What was taken and nothing that outlives the function points to.
  llvm::SmallVector<Holding, 1> Lost;
  /// Shares of what others may have, too, and that nothing points to because of
  /// what the function did.
  llvm::SmallVector<Holding, 1> Shares;
  /// Where something was stored, or found to be 0, in bits from the structures'
  /// beginnings.
  llvm::SmallVector<int64_t, 4> Written;
  /// Branches on books of the driver's that the walk cannot read, by which it
  /// came here with something held.
  llvm::SmallVector<const clang::Expr *, 2> Guesses;
  bool Put = false; ///< the device was put
};

/// What walking a driver has shown.
struct HoldFacts {
  /// By function, its ways out; none where it exceeded a limit.
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<WayOut>> Ways;
  /// Locks: taken twice, held at the end, held where something sleeps.
  Remarks Locks;
  /// What was taken once and given back twice, on one way.
  Remarks Again;
  /// Memory that was allocated and freed on one way, by two allocators.
  Remarks Heaps;
  /// A function that was called returns with a lock that it took.
  struct LockedReturn {
    const clang::FunctionDecl *F;
    const clang::CallExpr *Lock;
    const clang::ReturnStmt *Return;
    bool Fails;
  };
  std::vector<LockedReturn> LockedReturns;
  /// Functions that return without a lock that they took, and where.
  std::set<std::pair<const clang::FunctionDecl *, const clang::ReturnStmt *>>
      FreeReturns;
  /// An access to a member, and the locks of the same structure held there.
  struct Access {
    const clang::MemberExpr *At;
    const clang::FunctionDecl *Root;
    Stage When;
    /// The members that are the locks, sorted.
    llvm::SmallVector<const clang::FieldDecl *, 2> Locks;
    /// The calls by which Root comes there: a number of theirs, and the first.
    unsigned Way;
    const clang::CallExpr *Via;
  };
  std::vector<Access> Accesses;
  /// Roots on the ways of which functions were passed over: not all ways by
  /// which they come to a place are known.
  llvm::DenseSet<const clang::FunctionDecl *> PassOver;
  /// Those that exceeded a limit.
  std::vector<NotFollowed> Unfollowed;
};

/// Walks all roots of \p Known.
HoldFacts walkHoldings(const TUModel &Model, const Stages &Known);

} // namespace vfio

#endif // VFIO_LIFECYCLE_HOLDWALK_H
