//===- PrivateCalls.cpp - Looking such functions up ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/PrivateCalls.h"
#include "llvm/ADT/StringSet.h"

namespace vfio {

bool isPrivateCall(llvm::StringRef Function) {
  static const llvm::StringSet<> Table = {
#define PRIVATE(FUNCTION) #FUNCTION,
#define READS(FUNCTION)
#define PURE(FUNCTION)
#include "contracts/PrivateCalls.def"
  };
  return Table.contains(Function);
}

bool isReader(llvm::StringRef Function) {
  static const llvm::StringSet<> Table = {
#define PRIVATE(FUNCTION)
#define READS(FUNCTION) #FUNCTION,
#define PURE(FUNCTION)
#include "contracts/PrivateCalls.def"
  };
  return Table.contains(Function);
}

bool isAccessor(llvm::StringRef Function) {
  static const llvm::StringSet<> Table = {
#define PRIVATE(FUNCTION)
#define READS(FUNCTION)
#define PURE(FUNCTION) #FUNCTION,
#include "contracts/PrivateCalls.def"
  };
  return Table.contains(Function);
}

} // namespace vfio
