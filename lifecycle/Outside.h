//===- Outside.h - What functions that were not followed may do -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that the walk did not go into may end the life of a device that it
// is given. A finding that rests on it not doing so is made only where there is
// a reason to be sure: the contracts know the function, its signature leaves it
// no way, its body does no such thing, or the driver goes on using the device
// after it. What it is called is no reason.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OUTSIDE_H
#define VFIO_LIFECYCLE_OUTSIDE_H

#include "lifecycle/CallTargets.h"
#include "lifecycle/Doubt.h"
#include "lifecycle/ProgramLink.h"
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
  explicit OutsideKnowledge(const TUModel &Model)
      : Model(Model), Targets(Model.targets()) {}

  /// This TU uses a device in a way that shows that \p Callee did not do \p D.
  void believe(const clang::FunctionDecl *Callee, Deed D) {
    Beliefs.insert({Callee->getCanonicalDecl(), unsigned(D)});
  }

  /// Why \p Call may have done \p D to its argument; none where it did not.
  std::optional<Doubt> mayDo(const clang::CallExpr *Call, Deed D);

  /// True where \p Call can only look at what its argument \p Index points to.
  bool onlyLooks(const clang::CallExpr *Call, unsigned Index) const;

  CallTargets &targets() { return Targets; }
  /// What \p Call, which names no function, can call.
  const CallTargets::Set &targets(const clang::CallExpr *Call) {
    return Targets.of(Call);
  }

  /// What runs when the last reference to \p Part, a kobject or a struct device
  /// at \p Offset (in bits) of a \p Whole, has gone; null where that is not
  /// known.
  const clang::FunctionDecl *endOf(const clang::Expr *Part,
                                   const clang::RecordDecl *Whole,
                                   int64_t Offset);

  /// True where \p Call puts what it is given into a list.
  static bool links(const clang::CallExpr *Call);

  /// True for a function that the kernel declares.
  static bool isOfTheKernel(const clang::FunctionDecl *F);

private:
  /// What a body may do, by itself and by what it calls.
  struct Deeds {
    unsigned Mask = 0;
    std::optional<Doubt> Open; ///< a call in it may do anything
  };
  const Deeds &deedsOf(const clang::FunctionDecl *F);
  bool isPartOfDrivers(const clang::Expr *Arg) const;
  std::optional<Doubt> kernelMayDo(const clang::CallExpr *Call,
                                   const clang::FunctionDecl *F, Deed D) const;

  const TUModel &Model;
  CallTargets &Targets;
  llvm::DenseSet<std::pair<const clang::FunctionDecl *, unsigned>> Beliefs;
  llvm::DenseMap<const clang::FunctionDecl *, Deeds> Known;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_OUTSIDE_H
