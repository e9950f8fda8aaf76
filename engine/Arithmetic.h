//===- Arithmetic.h - Numbers as C has them -------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are the 64 bits that a register holds. Whatever a driver computes
// with them is defined here: it wraps as the kernel's compilers do
// (-fno-strict-overflow), and an offset that no object has is not known.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_ARITHMETIC_H
#define ENGINE_ARITHMETIC_H

#include "engine/Value.h"
#include "clang/AST/OperationKinds.h"
#include <optional>

namespace engine {

/// How many bits an integer type has, and whether it has a sign.
struct Width {
  unsigned Bits = 64;
  bool Signed = true;
};

/// \p N as a type of \p W holds it: cut off, and with its sign extended.
int64_t fit(int64_t N, Width W);

/// \p L \p Op \p R for the operators that flags and counters are made with;
/// unknown for other ones.
Value combine(clang::BinaryOperatorKind Op, int64_t L, int64_t R, Width W);

/// \p Bits and \p Count times \p Size bytes more; nothing where no object is
/// that large.
std::optional<int64_t> offsetBy(int64_t Bits, int64_t Count, int64_t Size);

/// The operator that says of (R, L) what \p Op says of (L, R).
clang::BinaryOperatorKind mirrored(clang::BinaryOperatorKind Op);

/// True where \p L \p Op \p R.
bool holds(clang::BinaryOperatorKind Op, int64_t L, int64_t R, bool Unsigned);

/// `Id Op N` as a condition on Id's sign, or as a number where it holds for
/// all or none.
Value compareWithNumber(clang::BinaryOperatorKind Op, EntityId Id, int64_t N,
                        bool Unsigned);

/// What is asked where \p Q is not so.
Value::Question opposite(Value::Question Q);

/// The orders of two numbers, as signs, that say yes to \p Q.
Signs ordersOf(Value::Question Q);

/// The orders of two values, as signs, where \p Op holds.
Signs ordersOf(clang::BinaryOperatorKind Op);

} // namespace engine

#endif // ENGINE_ARITHMETIC_H
