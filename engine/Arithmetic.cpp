//===- Arithmetic.cpp - Numbers as C has them -----------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Arithmetic.h"
#include "llvm/Support/MathExtras.h"

using namespace clang;

namespace engine {

int64_t fit(int64_t N, Width W) {
  if (W.Bits == 0 || W.Bits >= 64)
    return N;
  uint64_t Low = uint64_t(N) & llvm::maskTrailingOnes<uint64_t>(W.Bits);
  return W.Signed ? llvm::SignExtend64(Low, W.Bits) : int64_t(Low);
}

Value combine(BinaryOperatorKind Op, int64_t L, int64_t R, Width W) {
  switch (Op) {
  case BO_Add:
    return Value::number(fit(int64_t(uint64_t(L) + uint64_t(R)), W));
  case BO_Sub:
    return Value::number(fit(int64_t(uint64_t(L) - uint64_t(R)), W));
  case BO_And:
    return Value::number(L & R);
  case BO_Or:
    return Value::number(L | R);
  case BO_Xor:
    return Value::number(L ^ R);
  case BO_Mul:
    return Value::number(fit(int64_t(uint64_t(L) * uint64_t(R)), W));
  default:
    return {};
  }
}

/// More bits than any object has; far enough from the end of the numbers that
/// the offset of a member can be added.
static constexpr int64_t MostBits = int64_t(1) << 60;

std::optional<int64_t> offsetBy(int64_t Bits, int64_t Count, int64_t Size) {
  int64_t Bytes, Distance, Sum;
  if (llvm::MulOverflow(Count, Size, Bytes) ||
      llvm::MulOverflow(Bytes, int64_t(8), Distance) ||
      llvm::AddOverflow(Bits, Distance, Sum) || Sum > MostBits ||
      Sum < -MostBits)
    return std::nullopt;
  return Sum;
}

/// The signs of what is at least \p N, and of what is less.
static Signs atLeast(int64_t N) {
  return N > 0 ? Positive : N == 0 ? NotNegative : AnySign;
}
static Signs below(int64_t N) {
  return N > 1 ? AnySign : N == 1 ? Signs(Negative | Zero) : Negative;
}

Value compareWithNumber(BinaryOperatorKind Op, EntityId Id, int64_t N,
                        bool Unsigned) {
  // `(unsigned long)p >= -MAX_ERRNO` is how IS_ERR_VALUE asks for an error.
  if (Unsigned && N < 0) {
    if (Op == BO_GE || Op == BO_GT)
      return Value::condition(Id, Negative, NotNegative);
    if (Op == BO_LT || Op == BO_LE)
      return Value::condition(Id, NotNegative, Negative);
  }
  // Nothing is greater than the greatest number; of an unsigned one, what has
  // the bits of a negative number is.
  if (N == INT64_MAX && (Op == BO_GT || Op == BO_LE))
    return !Unsigned     ? Value::number(Op == BO_LE)
           : Op == BO_LE ? Value::condition(Id, NotNegative, Negative)
                         : Value::condition(Id, Negative, NotNegative);
  // Over the integers `x <= N` is `x < N + 1`; so GT and LE reduce to these.
  if (Op == BO_GT || Op == BO_LE) {
    Op = Op == BO_GT ? BO_GE : BO_LT;
    ++N;
  }
  // Of an unsigned one, a negative errno is larger than any such number.
  if (Unsigned && (Op == BO_GE || Op == BO_LT)) {
    Signs AtLeast = N > 0 ? NonZero : AnySign;
    Signs Below = N > 1 ? NotNegative : N == 1 ? Zero : Signs(0);
    return Op == BO_GE ? Value::condition(Id, AtLeast, Below, Value::AtLeast, N)
                       : Value::condition(Id, Below, AtLeast, Value::Below, N);
  }
  // A sign says all of whether something is 0, or at least 0 or 1.
  bool Exact = N == 0 || N == 1;
  switch (Op) {
  case BO_EQ:
    return Value::condition(Id, signOf(N), N ? AnySign : NonZero,
                            N ? Value::Is : Value::NoMore, N);
  case BO_NE:
    return Value::condition(Id, N ? AnySign : NonZero, signOf(N),
                            N ? Value::IsNot : Value::NoMore, N);
  case BO_GE:
    return Value::condition(Id, atLeast(N), below(N),
                            Exact ? Value::NoMore : Value::AtLeast, N);
  case BO_LT:
    return Value::condition(Id, below(N), atLeast(N),
                            Exact ? Value::NoMore : Value::Below, N);
  default:
    return {};
  }
}

Value::Question opposite(Value::Question Q) {
  switch (Q) {
  case Value::NoMore:
    return Value::NoMore;
  case Value::Is:
    return Value::IsNot;
  case Value::IsNot:
    return Value::Is;
  case Value::AtLeast:
    return Value::Below;
  case Value::Below:
    return Value::AtLeast;
  }
  return Value::NoMore;
}

Signs ordersOf(Value::Question Q) {
  switch (Q) {
  case Value::NoMore:
    return AnySign;
  case Value::Is:
    return Zero;
  case Value::IsNot:
    return NonZero;
  case Value::AtLeast:
    return NotNegative;
  case Value::Below:
    return Negative;
  }
  return AnySign;
}

Signs ordersOf(BinaryOperatorKind Op) {
  switch (Op) {
  case BO_LT:
    return Negative;
  case BO_GT:
    return Positive;
  case BO_LE:
    return Negative | Zero;
  case BO_GE:
    return NotNegative;
  case BO_EQ:
    return Zero;
  default:
    return NonZero;
  }
}

BinaryOperatorKind mirrored(BinaryOperatorKind Op) {
  switch (Op) {
  case BO_LT:
    return BO_GT;
  case BO_GT:
    return BO_LT;
  case BO_LE:
    return BO_GE;
  case BO_GE:
    return BO_LE;
  default:
    return Op;
  }
}

template <typename T> static bool holdsOf(BinaryOperatorKind Op, T L, T R) {
  switch (Op) {
  case BO_EQ:
    return L == R;
  case BO_NE:
    return L != R;
  case BO_LT:
    return L < R;
  case BO_GT:
    return L > R;
  case BO_LE:
    return L <= R;
  default:
    return L >= R;
  }
}

bool holds(BinaryOperatorKind Op, int64_t L, int64_t R, bool Unsigned) {
  return Unsigned ? holdsOf(Op, uint64_t(L), uint64_t(R)) : holdsOf(Op, L, R);
}

} // namespace engine
