//===- Memory.h - Functions that write memory as a whole ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_MEMORY_H
#define VFIO_CONTRACTS_MEMORY_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// A function that writes what its first argument points to.
struct MemoryRow {
  bool Copies; ///< what another argument points to; else it is one byte
  int From;    ///< that argument, or the byte; -1 where that is 0
  int Size;    ///< the argument that says how many bytes
};

/// The row of \p Function; null where it has none.
const MemoryRow *findMemory(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_MEMORY_H
