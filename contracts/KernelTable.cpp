//===- KernelTable.cpp - Functions of the kernel that end no life ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/KernelTable.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

std::optional<KernelDeed> kernelDeed(llvm::StringRef Function) {
  static const llvm::StringMap<KernelDeed> Table = {
#define DEED(WHAT, NAME) {#NAME, KernelDeed::WHAT},
#include "contracts/KernelTable.def"
#undef DEED
  };
  auto It = Table.find(Function);
  if (It == Table.end())
    return std::nullopt;
  return It->second;
}

} // namespace vfio
