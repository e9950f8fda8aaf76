//===- Heaps.h - What kind of memory a function gives or frees ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_HEAPS_H
#define VFIO_CONTRACTS_HEAPS_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// The kinds of memory that the kernel's allocators have.
enum class Heap {
  Unknown,
  Slab,    ///< contiguous: kmalloc and its like
  Cache,   ///< a slab cache that somebody has made
  Vmalloc, ///< mapped page by page
  Either   ///< kvmalloc: contiguous where that can be had
};

/// What a function of an allocator is like.
struct HeapRow {
  Heap Of = Heap::Unknown;
  bool NearNode = false; ///< it is given the node that the memory is to be near
  bool Copies = false;   ///< the memory is a copy of other memory
  bool Array = false;    ///< it is given a number and a size
};

/// The row of \p Function, an allocator or a free.
HeapRow heapOf(llvm::StringRef Function);

/// What frees where the end of a variable's scope calls \p Cleanup; empty for
/// what is not in the table.
llvm::StringRef freeBehind(llvm::StringRef Cleanup);

/// True where \p Cleanup, at the end of a variable's scope, frees what that
/// points to or gives its reference back.
bool givesAtScopeEnd(llvm::StringRef Cleanup);

/// True where \p Free, which frees that kind of memory, may be given what an
/// allocator of the kind \p Given gave.
bool canFree(Heap Free, Heap Given);

/// What frees memory of the kind \p Of, and is given nothing but that; empty
/// where there is no such function.
llvm::StringRef freeOf(Heap Of);

} // namespace vfio

#endif // VFIO_CONTRACTS_HEAPS_H
