//===- Comparison.cpp - What is asked of values, and what is learnt -------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Arithmetic.h"
#include "engine/Evaluator.h"
#include "clang/AST/Decl.h"
#include "llvm/Support/MathExtras.h"

using namespace clang;

namespace engine {

Value Evaluator::truth(const Value &V, bool Negate) const {
  switch (V.K) {
  case Value::Number:
    return Value::number((V.Num != 0) != Negate);
  case Value::Ref:
    // The address of a member is never NULL.
    if (V.Num != 0)
      return Value::number(!Negate);
    return Negate ? Value::condition(V.Id, Zero, NonZero)
                  : Value::condition(V.Id, NonZero, Zero);
  case Value::Condition:
    return Negate ? Value::condition(V.Id, V.False, V.True, opposite(V.Asks),
                                     V.Num)
                  : V;
  case Value::Unknown:
    return {};
  }
  return {};
}

/// Two values, none of which is a number: that their order is one of those of
/// \p Op. What is asked the other way round is the same question.
Value Evaluator::compareValues(BinaryOperatorKind Op, Value L, Value R) {
  bool Refs = L.isRef() && R.isRef();
  // Places in the same thing, or in two that are not the same.
  if (L == R || (Refs && L.Id == R.Id && BinaryOperator::isEqualityOp(Op)))
    return Value::number(holds(Op, L.Num, R.Num, false));
  Entity::Kind LK = Entities[L.Id].K, RK = Entities[R.Id].K;
  bool Named = LK == Entity::Variable || LK == Entity::Function;
  if (Refs && BinaryOperator::isEqualityOp(Op) &&
      ((Named && LK == RK) || Entities.areDistinct(L.Id, R.Id)))
    return Value::number(Op == BO_NE);
  if (R < L) {
    std::swap(L, R);
    Op = mirrored(Op);
  }
  Signs Orders = ordersOf(Op);
  return Value::condition(Entities.derived(BO_Cmp, L, R), Orders,
                          AnySign & ~Orders);
}

/// \p Id, of which but the bits \p Mask are cleared, is \p N, or is not; what
/// that says besides an order of numbers.
static std::optional<Value> compareBits(BinaryOperatorKind Op, EntityId Id,
                                        int64_t Mask, int64_t N) {
  if (!BinaryOperator::isEqualityOp(Op) || N == 0)
    return std::nullopt;
  if (N & ~Mask)
    return Value::number(Op == BO_NE);
  if (N != Mask || !llvm::isPowerOf2_64(uint64_t(Mask)))
    return std::nullopt;
  return Op == BO_EQ ? Value::condition(Id, NonZero, Zero)
                     : Value::condition(Id, Zero, NonZero);
}

Value Evaluator::compare(BinaryOperatorKind Op, const Value &L, const Value &R,
                         bool Unsigned, State &S) {
  if (L.isNumber() && R.isNumber())
    return Value::number(holds(Op, L.Num, R.Num, Unsigned));
  if (L.isNumber())
    return compare(mirrored(Op), R, L, Unsigned, S);
  if (L.isRef() && R.isNumber()) {
    if (L.Num != 0 && R.Num == 0 && BinaryOperator::isEqualityOp(Op))
      return Value::number(Op == BO_NE);
    if (L.Num != 0)
      return {};
    const Entity &E = Entities[L.Id];
    if (E.By == Entity::Form::BitsKept)
      if (std::optional<Value> V = compareBits(Op, L.Id, E.Num, R.Num))
        return *V;
    return compareWithNumber(Op, L.Id, R.Num, Unsigned);
  }
  // `(a < 0) == 0` and `!a != 0`.
  if (L.K == Value::Condition && R.isNumber() &&
      BinaryOperator::isEqualityOp(Op) && (R.Num == 0 || R.Num == 1))
    return truth(L, (Op == BO_EQ) == (R.Num == 0));
  return L.isUnknown() || R.isUnknown() || R.isNumber()
             ? Value()
             : compareValues(Op, L, R);
}

bool Evaluator::assume(const Value &V, bool Truth, State &S) {
  Value T = truth(V, false);
  if (T.isNumber())
    return (T.Num != 0) == Truth;
  if (T.K != Value::Condition)
    return true;
  Fact Learnt = factOf(T, Truth, Entities);
  return S.restrict(T.Id, Truth ? T.True : T.False, Entities) &&
         S.restrict(Learnt.first, Learnt.second, Entities);
}

bool Evaluator::assumeBetween(const Value &V, const Value &First,
                              const Value &Last, bool Truth, State &S) {
  Value Starts = compare(BO_GE, V, First, false, S);
  Value Ends = compare(BO_LE, V, Last, false, S);
  if (Truth)
    return assume(Starts, true, S) && assume(Ends, true, S);
  if (Starts.isNumber() || Ends.isNumber())
    return assume(Starts.isNumber() && Starts.Num ? Ends : Starts, false, S);
  if (Starts.K != Value::Condition || Ends.K != Value::Condition)
    return true;
  std::optional<Clause> Outside =
      Clause().orElse(factOf(Starts, false, Entities), AnySign);
  if (Outside)
    Outside = Outside->orElse(factOf(Ends, false, Entities), AnySign);
  return !Outside || S.learn(*Outside, Entities);
}

} // namespace engine
