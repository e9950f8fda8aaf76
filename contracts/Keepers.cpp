//===- Keepers.cpp - Looking up who keeps what ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Keepers.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

const KeeperRow *findKeeper(llvm::StringRef Function) {
  static const llvm::StringMap<KeeperRow> Table = {
#define KEEPS(FUNCTION, ARGUMENT, WHEN) {#FUNCTION, {ARGUMENT, Taken::WHEN}},
#include "contracts/Keepers.def"
  };
  auto It = Table.find(Function);
  return It == Table.end() ? nullptr : &It->second;
}

} // namespace vfio
