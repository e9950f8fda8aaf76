//===- CallTargets.h - What a call through a pointer can mean -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Drivers have tables of their own, one for each kind of device. Which one a
// pointer leads to is seldom known; which functions there are, mostly is.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_CALLTARGETS_H
#define VFIO_LIFECYCLE_CALLTARGETS_H

#include "contracts/Callbacks.h"
#include "lifecycle/TUModel.h"

namespace vfio {

class CallTargets {
public:
  explicit CallTargets(const TUModel &Model) : Model(Model) {}

  struct Set {
    llvm::SmallVector<const clang::FunctionDecl *, 4> Functions;
    /// Nothing else can be called.
    bool Complete = true;
  };
  /// What \p Call, which names no function, can call.
  const Set &of(const clang::CallExpr *Call);
  /// What the driver gives the kernel to call from one of \p Members.
  llvm::SmallVector<const clang::FunctionDecl *, 2>
  in(llvm::ArrayRef<CallbackMember> Members);

private:
  void collect();

  const TUModel &Model;
  bool Collected = false;
  llvm::DenseMap<const clang::ValueDecl *, std::unique_ptr<Set>> Sets;
  Set Unknown{{}, false};
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_CALLTARGETS_H
