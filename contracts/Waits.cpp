//===- Waits.cpp - Functions by which one waits for another ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Waits.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

std::optional<Wait> waitOf(llvm::StringRef Function) {
  static const llvm::StringMap<Wait> Table = {
#define WAIT(FUNCTION, WHAT) {#FUNCTION, Wait::WHAT},
#include "contracts/Waits.def"
  };
  auto It = Table.find(Function);
  if (It == Table.end())
    return std::nullopt;
  return It->second;
}

} // namespace vfio
