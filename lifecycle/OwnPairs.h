//===- OwnPairs.h - Pairs of functions that only one driver knows ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What @init takes by a function of another file, it must give back when it
// fails. That two functions are a pair is believed of their names, `foo_create`
// and `foo_destroy`, their types, and the driver's own use: its @release, or
// another way out of the same @init, calls the second one. The pairs of the
// kernel that every driver knows are in ResourceTable.def.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OWNPAIRS_H
#define VFIO_LIFECYCLE_OWNPAIRS_H

#include "contracts/ResourceTable.h"
#include "lifecycle/TUModel.h"

namespace vfio::flow {

class OwnPairs {
public:
  explicit OwnPairs(const TUModel &Model);

  /// The row of \p F, which takes or gives back in such a pair; null where it
  /// does not.
  const ResourceRow *find(const clang::FunctionDecl *F) const;
  /// True where something else than an @init or a @release calls the function
  /// that gives back what \p Row takes.
  bool isGivenBackElsewhere(const ResourceRow &Row) const {
    return CalledElsewhere.contains(Row.Group);
  }

private:
  void pair(const clang::FunctionDecl *Take, const clang::FunctionDecl *Give);

  llvm::DenseMap<const clang::FunctionDecl *, ResourceRow> Rows;
  llvm::DenseSet<unsigned> CalledElsewhere;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_OWNPAIRS_H
