//===- Cells.cpp - Looking words of memory up -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Cells.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

const CellRow *findCell(llvm::StringRef Function) {
  static const llvm::StringMap<CellRow> Table = {
#define CELL(FUNCTION, CHANGE, ANSWER, AT, OPERAND)                            \
  {#FUNCTION, {CellChange::CHANGE, CellAnswer::ANSWER, AT, OPERAND}},
#include "contracts/Cells.def"
  };
  auto It = Table.find(Function);
  return It == Table.end() ? nullptr : &It->second;
}

} // namespace vfio
