//===- PrivateCalls.h - Functions that concern their arguments alone -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_PRIVATECALLS_H
#define VFIO_CONTRACTS_PRIVATECALLS_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// True where \p Function touches nothing but what it is given.
bool isPrivateCall(llvm::StringRef Function);
/// True where \p Function changes nothing, and its signature does not say so.
bool isReader(llvm::StringRef Function);
/// True where \p Function gives what stands in its argument, or around it.
bool isAccessor(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_PRIVATECALLS_H
