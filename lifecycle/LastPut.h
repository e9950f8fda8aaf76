//===- LastPut.h - What the last put of a device does ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_LASTPUT_H
#define VFIO_LIFECYCLE_LASTPUT_H

#include "lifecycle/CallTargets.h"

namespace vfio {

/// What the last put does to a driver's structures, and who else holds one, by
/// the contract at hand.
class LastPut {
public:
  LastPut(const TUModel &Model, CallTargets &Targets)
      : Model(Model), Targets(Targets) {}

  /// True where the last put of the device in \p R frees it: core does, or what
  /// the driver hung up for that. What is not seen to be freed may stay.
  bool frees(const clang::RecordDecl *R);
  /// True where the driver itself takes further references to the device in \p
  /// R.
  bool isCounted(const clang::RecordDecl *R) const;
  /// The parameter of \p F that is a device to which its caller holds a
  /// reference; null for none.
  const clang::ParmVarDecl *heldIn(const clang::FunctionDecl *F);

private:
  void collect();

  const TUModel &Model;
  CallTargets &Targets;
  bool Collected = false;
  llvm::DenseSet<const clang::RecordDecl *> Freed;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_LASTPUT_H
