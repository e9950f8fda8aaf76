//===- Moves.h - What goes from one member to another ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_MOVES_H
#define VFIO_LIFECYCLE_MOVES_H

#include "lifecycle/Stages.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace vfio {

/// The members, and variables of file scope, between which a driver moves or
/// copies what they hold: what was taken by one is given back by another.
class Moves {
public:
  explicit Moves(const Stages &Known);
  /// True where \p A and \p B can be the same thing: by their names, or as the
  /// one was given to the other.
  bool mayBe(const Named &A, const Named &B) const;

private:
  llvm::EquivalenceClasses<const clang::ValueDecl *> Of;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_MOVES_H
