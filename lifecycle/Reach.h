//===- Reach.h - What a function may come to do ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk is dear. Whether one can come to anything at all, the names of what a
// function calls, and of what that calls, tell at once.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_REACH_H
#define VFIO_LIFECYCLE_REACH_H

#include "lifecycle/TUModel.h"

namespace vfio {

/// What the functions of a driver may come to do, themselves or by what they
/// call, or name for others to call.
class Reach {
public:
  enum Deed : uint8_t {
    Locks = 1,  ///< takes or gives back a lock
    Holds = 2,  ///< takes or gives back something else, or memory
    Sleeps = 4, ///< calls what may sleep
    Here = 8,   ///< any of this, in a function that stands in this source
    Comes = 16  ///< comes to a function that stands in this source
  };
  explicit Reach(const TUModel &Model);

  /// The deeds of \p F, as bits.
  uint8_t of(const clang::FunctionDecl *F) const {
    return Deeds.lookup(F->getCanonicalDecl());
  }

private:
  llvm::DenseMap<const clang::FunctionDecl *, uint8_t> Deeds;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_REACH_H
