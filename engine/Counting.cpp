//===- Counting.cpp - How far something was counted -----------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Evaluator.h"

using namespace clang;

namespace engine {

/// The variable that \p E reads, or has just counted in; null where it is
/// something else.
static const Expr *counterIn(const Expr *E) {
  E = E->IgnoreParens();
  while (const auto *C = dyn_cast<CastExpr>(E)) {
    E = C->getSubExpr()->IgnoreParens();
    if (C->getCastKind() == CK_LValueToRValue)
      return E;
  }
  const auto *U = dyn_cast<UnaryOperator>(E);
  return U && U->isIncrementDecrementOp() && U->isPrefix() ? U->getSubExpr()
                                                           : nullptr;
}

/// \p Counter, which is the number \p Is, is compared with \p Bound. Behind the
/// next round of a loop nobody could tell how the two numbers stood.
void Evaluator::noteBound(const Expr *Counter, const Value &Is,
                          const Value &Bound, State &S) {
  bool Names = Bound.isNumber() || (Bound.isRef() && Bound.Num == 0);
  const Expr *Variable = Is.isNumber() && Names ? counterIn(Counter) : nullptr;
  if (!Variable)
    return;
  if (std::optional<Place> P = place(Variable, S))
    Entities.noteBound(*P, Bound);
}

/// The orders of one more than \p Before, or of one less where it is not \p Up,
/// to what Before has one of the orders \p Known to.
static Signs orderAfterStep(Signs Known, bool Up) {
  if (Known == Zero)
    return Up ? Positive : Negative;
  if (Known == (Up ? Negative : Positive))
    return Known | Zero;
  return AnySign;
}

/// \p Now is one more than \p Before, or one less: what that was compared with,
/// it has not gone beyond.
void Evaluator::learnStep(const Value &Before, const Value &Now, bool Up,
                          State &S) {
  if (!Before.isRef() || Before.Num || !Now.isRef())
    return;
  // As the table grows, what it has can move.
  llvm::SmallVector<EntityId, 8> Asked;
  llvm::append_range(Asked, Entities[Before.Id].Asked);
  for (EntityId Order : Asked) {
    Entity::Form By = Entities[Order].By;
    if (By != Entity::Form::Compared && By != Entity::Form::Ordered)
      continue;
    int64_t Num = Entities[Order].Num;
    EntityId First = Entities[Order].Parts.front();
    Value To = By == Entity::Form::Compared ? Value::number(Num)
               : First == Before.Id         ? Value::ref(EntityId(Num))
                                            : Value::ref(First);
    Signs After = orderAfterStep(S.order(Before, To, Entities), Up);
    if (After == AnySign)
      continue;
    Fact Learnt = factOfOrder(Now.Id, To, After, Entities);
    S.Known[Learnt.first] = Learnt.second;
  }
  Signs Sign = S.signs(Before, Entities);
  if (Up ? !(Sign & Negative) : Sign == Positive)
    S.Known[Now.Id] = Up ? Positive : NotNegative;
}

} // namespace engine
