//===- Memory.h - Functions that write memory as a whole ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_MEMORY_H
#define VFIO_CONTRACTS_MEMORY_H

#include "contracts/ResourceTable.h"

namespace vfio {

/// A function that writes what its first argument points to.
struct MemoryRow {
  bool Copies; ///< what another argument points to; else it is one byte
  int From;    ///< that argument, or the byte; -1 where that is 0
  int Size;    ///< the argument that says how many bytes
};

/// The row of \p Function; null where it has none.
const MemoryRow *findMemory(llvm::StringRef Function);

/// A function that gives a buffer more memory, or lets it be.
struct BufferRow {
  unsigned Argument;            ///< points to the structure with the buffer
  llvm::StringRef Buffer, Size; ///< its members; no size where it lets it be
  Taken When;                   ///< how its result tells that it worked
};

/// The row of \p Function, or null.
const BufferRow *findBuffer(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_MEMORY_H
