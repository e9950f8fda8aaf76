//===- Cells.h - Functions that work on one word of memory ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_CELLS_H
#define VFIO_CONTRACTS_CELLS_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// What a function does to a word, or to one bit of it.
enum class CellChange {
  Keep,  ///< nothing
  Put,   ///< makes it the operand
  PutIf, ///< makes it the argument behind the operand, where it was the operand
  Add,
  Subtract,
  Any, ///< something else
  KeepBit,
  SetBit,
  ClearBit,
  FlipBit
};

/// What it returns.
enum class CellAnswer {
  Nothing, ///< or what is not known
  Old,     ///< the word, or the bit, before
  New,     ///< the word after
  IsZero   ///< whether that is 0
};

/// One function. \c Operand is the argument by which it changes the word, -1
/// for 1; for a bit it is the bit's number.
struct CellRow {
  CellChange Change;
  CellAnswer Answer;
  int Cell; ///< the argument that points to the word
  int Operand;
};

/// The row of \p Function, or null.
const CellRow *findCell(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_CELLS_H
