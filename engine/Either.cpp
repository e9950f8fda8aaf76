//===- Either.cpp - What is one number or another -------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Evaluator.h"
#include "clang/AST/Decl.h"

using namespace clang;

namespace engine {

/// Learns that \p Id is \p N unless \p Else is so.
static void learnUnless(EntityId Id, int64_t N, Fact Else, State &S,
                        EntityTable &T) {
  std::optional<Clause> C = Clause().orElse(Else, T.initialSigns(Else.first));
  if (C && (C = C->orElse(factOfOrder(Id, Value::number(N), Zero, T), AnySign)))
    S.learn(*C, T);
}

/// \p IfTrue where \p Condition is so, and \p IfFalse where it is not; \p Id
/// stands for that.
Value Evaluator::either(EntityId Id, const Value &Condition, int64_t IfTrue,
                        int64_t IfFalse, State &S) {
  Signs Can = S.signs(Condition, Entities);
  if (IfTrue == IfFalse || !(Can & Zero))
    return Value::number(IfTrue);
  if (Can == Zero)
    return Value::number(IfFalse);
  S.restrict(Id, signOf(IfTrue) | signOf(IfFalse), Entities);
  learnUnless(Id, IfTrue, factOf(Condition, false, Entities), S, Entities);
  learnUnless(Id, IfFalse, factOf(Condition, true, Entities), S, Entities);
  return Value::ref(Id);
}

/// `!!p - 1`, `-EIO * (n < 0)`: of a condition and a number.
Value Evaluator::countTruths(const Expr *E, BinaryOperatorKind Op,
                             const Value &L, const Value &R, State &S) {
  bool First = L.K == Value::Condition;
  auto With = [&](int64_t Truth) {
    return combine(Op, First ? Truth : L.Num, First ? R.Num : Truth,
                   widthOf(E->getType()));
  };
  Value IfTrue = With(1), IfFalse = With(0);
  EntityId Id = Entities.derived(Op, L, R);
  return IfTrue.isNumber() && IfFalse.isNumber()
             ? either(Id, First ? L : R, IfTrue.Num, IfFalse.Num, S)
             : Value::ref(Id);
}

/// Of an array of constants: as many as are looked through.
static constexpr unsigned MostElements = 8;

/// The elements of the array of constants that \p E names; null where it names
/// none.
static const InitListExpr *constantsOf(const Expr *E) {
  const auto *Ref = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
  const ArrayType *Array =
      Var ? Var->getType()->getAsArrayTypeUnsafe() : nullptr;
  return Array && Array->getElementType().isConstQualified() &&
                 Array->getElementType()->isIntegralOrEnumerationType()
             ? dyn_cast_or_null<InitListExpr>(Var->getAnyInitializer())
             : nullptr;
}

/// `codes[!!ret]`, of constants.
std::optional<Value> Evaluator::constantElement(const ArraySubscriptExpr *E,
                                                State &S) {
  const InitListExpr *List = constantsOf(E->getBase());
  if (!List || List->isValueDependent())
    return std::nullopt;
  llvm::SmallVector<int64_t, MostElements> All;
  for (const Expr *One : List->inits())
    if (Value N = constant(One); N.isNumber() && All.size() <= MostElements)
      All.push_back(N.Num);
  Value I = eval(E->getIdx(), S);
  if (All.size() != List->getNumInits() || I.isUnknown())
    return std::nullopt;
  if (I.isNumber())
    return I.Num >= 0 && uint64_t(I.Num) < All.size()
               ? std::optional<Value>(Value::number(All[I.Num]))
               : std::nullopt;
  std::optional<Place> P = place(E, S);
  if (!P || All.size() < 2 || All.size() > MostElements)
    return std::nullopt;
  EntityId Id = Entities.loaded(*P, QualType());
  if (I.K == Value::Condition)
    return either(Id, I, All[1], All[0], S);
  if (!I.isRef() || I.Num)
    return std::nullopt;
  Signs Can = 0;
  for (unsigned K = 0; K < All.size(); ++K) {
    Can |= signOf(All[K]);
    Fact Other = factOfOrder(I.Id, Value::number(K), Zero, Entities);
    learnUnless(Id, All[K], {Other.first, Signs(AnySign & ~Other.second)}, S,
                Entities);
  }
  S.restrict(Id, Can, Entities);
  return Value::ref(Id);
}

} // namespace engine
