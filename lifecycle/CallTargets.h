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
#include <map>

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
  /// The same where no other source can have a say in it: a table that is
  /// constant and shown here, or a member of a structure of this source alone.
  const Set &ofThisSource(const clang::CallExpr *Call);
  /// What the driver gives the kernel to call from one of \p Members.
  llvm::SmallVector<const clang::FunctionDecl *, 2>
  in(llvm::ArrayRef<CallbackMember> Members);

private:
  void collect();
  const Set *ofConstant(const clang::MemberExpr *M);

  const TUModel &Model;
  bool Collected = false;
  llvm::DenseMap<const clang::ValueDecl *, std::unique_ptr<Set>> Sets;
  /// Of a constant variable, by member.
  std::map<std::pair<const clang::VarDecl *, const clang::ValueDecl *>, Set>
      Constants;
  Set Unknown{{}, false};
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_CALLTARGETS_H
