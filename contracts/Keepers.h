//===- Keepers.h - Functions that keep what they are given ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_KEEPERS_H
#define VFIO_CONTRACTS_KEEPERS_H

#include "contracts/ResourceTable.h"

namespace vfio {

struct KeeperRow {
  unsigned Argument; ///< what it keeps
  Taken When;        ///< how its result tells that it does
};

/// The row of \p Function, or null.
const KeeperRow *findKeeper(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_KEEPERS_H
