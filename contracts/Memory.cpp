//===- Memory.cpp - Functions that write memory as a whole ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Memory.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

const MemoryRow *findMemory(llvm::StringRef Function) {
  static const llvm::StringMap<MemoryRow> Table = {
#define COPIES(FUNCTION, FROM, SIZE) {#FUNCTION, {true, FROM, SIZE}},
#define FILLS(FUNCTION, BYTE, SIZE) {#FUNCTION, {false, BYTE, SIZE}},
#define GROWS(FUNCTION, ARGUMENT, BUFFER, SIZE, WHEN)
#define STAYS(FUNCTION, ARGUMENT, BUFFER)
#include "contracts/Memory.def"
  };
  auto It = Table.find(Function);
  return It == Table.end() ? nullptr : &It->second;
}

const BufferRow *findBuffer(llvm::StringRef Function) {
  static const llvm::StringMap<BufferRow> Table = {
#define COPIES(FUNCTION, FROM, SIZE)
#define FILLS(FUNCTION, BYTE, SIZE)
#define GROWS(FUNCTION, ARGUMENT, BUFFER, SIZE, WHEN)                          \
  {#FUNCTION, {ARGUMENT, #BUFFER, #SIZE, Taken::WHEN}},
#define STAYS(FUNCTION, ARGUMENT, BUFFER)                                      \
  {#FUNCTION, {ARGUMENT, #BUFFER, "", Taken::Always}},
#include "contracts/Memory.def"
  };
  auto It = Table.find(Function);
  return It == Table.end() ? nullptr : &It->second;
}

} // namespace vfio
