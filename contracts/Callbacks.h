//===- Callbacks.h - Members in which drivers hang functions --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_CALLBACKS_H
#define VFIO_CONTRACTS_CALLBACKS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace vfio {

/// A member of a kernel's structure in which drivers hang a function.
struct CallbackMember {
  llvm::StringRef Structure, Member;
};

/// Where a driver hangs what runs when the last reference to a struct device,
/// or to a kobject, has gone (ENDS of OtherContracts.def).
llvm::ArrayRef<CallbackMember> lastPutMembers();

} // namespace vfio

#endif // VFIO_CONTRACTS_CALLBACKS_H
