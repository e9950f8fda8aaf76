//===- Carriers.cpp - Structures that end what they are given -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Carriers.h"
#include "llvm/ADT/StringSet.h"

namespace vfio {

bool isCarrier(llvm::StringRef Structure) {
  static const llvm::StringSet<> Table = {
#define CARRIER(STRUCTURE) #STRUCTURE,
#include "contracts/Carriers.def"
  };
  return Table.contains(Structure);
}

} // namespace vfio
