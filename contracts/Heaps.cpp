//===- Heaps.cpp - Looking the kinds of memory up -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Heaps.h"
#include "contracts/ApiTable.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

HeapRow heapOf(llvm::StringRef Function) {
  static const llvm::StringMap<HeapRow> Table = {
#define HEAP(FUNCTION, OF) {#FUNCTION, {Heap::OF, false, false}},
#define NEAR_NODE(FUNCTION, OF) {#FUNCTION, {Heap::OF, true, false}},
#define COPY(FUNCTION, OF) {#FUNCTION, {Heap::OF, false, true}},
#include "contracts/Heaps.def"
  };
  return Table.lookup(asWritten(Function));
}

bool canFree(Heap Free, Heap Given) {
  switch (Free) {
  case Heap::Either:
    return Given != Heap::Cache;
  case Heap::Slab: // kfree works on slab objects, caches included
    return Given != Heap::Vmalloc && Given != Heap::Either;
  case Heap::Vmalloc:
  case Heap::Cache:
    return Given == Free;
  case Heap::Unknown:
    break;
  }
  return true;
}

} // namespace vfio
