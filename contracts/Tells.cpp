//===- Tells.cpp - What single rules ask of the kernel's functions --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Tells.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <map>

namespace vfio {

std::optional<Tell> tellOf(llvm::StringRef Function) {
  static const llvm::StringMap<Tell> Table = {
#define TELLS(FUNCTION, WHAT) {#FUNCTION, Tell::WHAT},
#include "contracts/Tells.def"
  };
  auto It = Table.find(Function);
  if (It == Table.end())
    return std::nullopt;
  return It->second;
}

llvm::ArrayRef<llvm::StringRef> functionsThat(Tell What) {
  static const auto Table = [] {
    std::map<Tell, llvm::SmallVector<llvm::StringRef, 4>> Out;
#define TELLS(FUNCTION, WHAT) Out[Tell::WHAT].push_back(#FUNCTION);
#include "contracts/Tells.def"
    return Out;
  }();
  return Table.at(What);
}

} // namespace vfio
