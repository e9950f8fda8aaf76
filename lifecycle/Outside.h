//===- Outside.h - What functions of other files may do -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that this TU does not define may end the life of a device that it
// is given. A finding that rests on it not doing so is made only where there is
// a reason to be sure: its name does not hint at it, this TU goes on using the
// device after it, or its text in another file of the driver shows it.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OUTSIDE_H
#define VFIO_LIFECYCLE_OUTSIDE_H

#include "lifecycle/TUModel.h"
#include "llvm/ADT/DenseSet.h"

namespace vfio::flow {

/// What a function may do to a device.
enum class Deed {
  Put,
  Unregister,
  Free, ///< of the structure itself
  Undo, ///< of what @init took for it
  Keep  ///< end it, or remember it for somebody else to end
};

class OutsideKnowledge {
public:
  /// This TU uses a device in a way that shows that \p Callee did not do \p D.
  void believe(const clang::FunctionDecl *Callee, Deed D) {
    Beliefs.insert({Callee->getCanonicalDecl(), unsigned(D)});
  }

  /// True where \p Call may have done \p D to its argument.
  bool mayDo(const clang::CallExpr *Call, Deed D) const;

  /// True for functions that only look at what they are given: printing,
  /// copying, initialising a lock and the like.
  static bool onlyLooks(const clang::FunctionDecl *F);

  /// True for a function of the kernel at large. It knows nothing of a driver's
  /// devices.
  static bool isOfTheKernel(const clang::FunctionDecl *F);

private:
  llvm::DenseSet<std::pair<const clang::FunctionDecl *, unsigned>> Beliefs;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_OUTSIDE_H
