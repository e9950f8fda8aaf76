//===- Heaps.cpp - Looking the kinds of memory up -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Heaps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace vfio {

HeapRow heapOf(llvm::StringRef Function) {
  static const llvm::StringMap<HeapRow> Table = {
// Since 6.10 `kmalloc` is a macro that calls `kmalloc_noprof`, and that one, in
// 7.2, that calls `_kmalloc_noprof`.
#define ROW(FUNCTION, ...)                                                     \
  {#FUNCTION, {__VA_ARGS__}}, {#FUNCTION "_noprof", {__VA_ARGS__}},            \
      {"_" #FUNCTION "_noprof", {__VA_ARGS__}},
#define HEAP(FUNCTION, OF) ROW(FUNCTION, Heap::OF, false, false, false)
#define NEAR_NODE(FUNCTION, OF) ROW(FUNCTION, Heap::OF, true, false, false)
#define COPY(FUNCTION, OF) ROW(FUNCTION, Heap::OF, false, true, false)
#define ARRAY(FUNCTION, OF) ROW(FUNCTION, Heap::OF, false, false, true)
#define ARRAY_NEAR_NODE(FUNCTION, OF) ROW(FUNCTION, Heap::OF, true, false, true)
#define CLEANUP(FUNCTION, FREE)
#define CLEANUP_PUT(FUNCTION)
#include "contracts/Heaps.def"
#undef ROW
  };
  return Table.lookup(Function);
}

llvm::StringRef freeBehind(llvm::StringRef Cleanup) {
  static const llvm::StringMap<llvm::StringRef> Table = {
#define HEAP(FUNCTION, OF)
#define NEAR_NODE(FUNCTION, OF)
#define COPY(FUNCTION, OF)
#define ARRAY(FUNCTION, OF)
#define ARRAY_NEAR_NODE(FUNCTION, OF)
#define CLEANUP(FUNCTION, FREE) {#FUNCTION, #FREE},
#define CLEANUP_PUT(FUNCTION)
#include "contracts/Heaps.def"
  };
  return Table.lookup(Cleanup);
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

llvm::StringRef freeOf(Heap Of) {
  switch (Of) {
  case Heap::Slab:
    return "kfree";
  case Heap::Vmalloc:
    return "vfree";
  case Heap::Either:
    return "kvfree";
  case Heap::Cache:
  case Heap::Unknown:
    break;
  }
  return "";
}

bool givesAtScopeEnd(llvm::StringRef Cleanup) {
  static const llvm::StringSet<> Puts = {
#define HEAP(FUNCTION, OF)
#define NEAR_NODE(FUNCTION, OF)
#define COPY(FUNCTION, OF)
#define ARRAY(FUNCTION, OF)
#define ARRAY_NEAR_NODE(FUNCTION, OF)
#define CLEANUP(FUNCTION, FREE)
#define CLEANUP_PUT(FUNCTION) #FUNCTION,
#include "contracts/Heaps.def"
  };
  return Puts.contains(Cleanup) || !freeBehind(Cleanup).empty();
}

} // namespace vfio
