//===- Numbers.cpp - What answers about a number say of each other --------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Arithmetic.h"
#include "engine/State.h"
#include "llvm/Support/MathExtras.h"

using namespace clang;

namespace engine {

/// How many questions about one number are looked through.
static constexpr size_t MostAsked = 64;

static llvm::ArrayRef<EntityId> askedOf(EntityId Id, const EntityTable &T) {
  return llvm::ArrayRef<EntityId>(T[Id].Asked).take_front(MostAsked);
}

/// What was learnt of \p Id itself.
static Signs learnt(const FlatMap<EntityId, Signs> &Known, EntityId Id) {
  const Signs *S = Known.find(Id);
  return S ? *S : AnySign;
}

State::Bits State::bitsOf(EntityId Id, const EntityTable &T) const {
  if (learnt(Known, Id) == Zero)
    return {0, ~uint64_t(0)};
  Bits Out;
  for (EntityId Part : askedOf(Id, T)) {
    const Entity &E = T[Part];
    Signs Can = learnt(Known, Part);
    uint64_t Mask = uint64_t(E.Num);
    if (E.By == Entity::Form::Compared) {
      if (Can == Zero)
        return {Mask, ~Mask};
      continue;
    }
    if (E.By != Entity::Form::BitsKept)
      continue;
    if (Can == Zero)
      Out.Zeros |= Mask;
    else if (!(Can & Zero) && llvm::isPowerOf2_64(Mask))
      Out.Ones |= Mask;
    for (EntityId Whole : askedOf(Part, T))
      if (T[Whole].By == Entity::Form::Compared &&
          learnt(Known, Whole) == Zero) {
        Out.Ones |= Mask & uint64_t(T[Whole].Num);
        Out.Zeros |= Mask & ~uint64_t(T[Whole].Num);
      }
  }
  return Out;
}

/// The order of what \p Id compares and its number, by what other numbers it
/// was compared with.
Signs State::orderToNumber(EntityId Id, const EntityTable &T) const {
  int64_t N = T[Id].Num, Low = INT64_MIN, High = INT64_MAX;
  EntityId Of = T[Id].Parts.front();
  Signs Sign = learnt(Known, Of);
  if (Sign == Zero)
    Low = High = 0;
  else if (!(Sign & Negative))
    Low = Sign & Zero ? 0 : 1;
  llvm::SmallVector<int64_t, 4> Others;
  for (EntityId Other : askedOf(Of, T)) {
    if (T[Other].By != Entity::Form::Compared || Other == Id)
      continue;
    Signs Can = learnt(Known, Other);
    int64_t M = T[Other].Num;
    if (!(Can & Negative))
      Low = std::max(Low, M + ((Can & Zero) || M == INT64_MAX ? 0 : 1));
    if (!(Can & Positive))
      High = std::min(High, M - ((Can & Zero) || M == INT64_MIN ? 0 : 1));
    if (!(Can & Zero))
      Others.push_back(M);
  }
  for (size_t I = 0; I < Others.size(); ++I) {
    Low += Low < High && llvm::is_contained(Others, Low);
    High -= Low < High && llvm::is_contained(Others, High);
  }
  return (Low < N ? Negative : 0) | (Low <= N && N <= High ? Zero : 0) |
         (High > N ? Positive : 0);
}

/// The orders of (B, A) where those of (A, B) are \p Orders.
static Signs turned(Signs Orders) {
  return (Orders & Negative ? Positive : 0) | (Orders & Zero) |
         (Orders & Positive ? Negative : 0);
}

Fact factOfOrder(EntityId Id, const Value &To, Signs Orders, EntityTable &T) {
  // The order to 0 is the sign.
  if (To.isNumber())
    return {To.Num ? T.compared(Id, To.Num) : Id, Orders};
  return {T.ordered(Id, To.Id), Id < To.Id ? Orders : turned(Orders)};
}

Signs State::order(const Value &V, const Value &To, EntityTable &T) const {
  auto IsPlain = [](const Value &One) {
    return One.isNumber() || (One.isRef() && One.Num == 0);
  };
  if (V == To)
    return Zero;
  if (!IsPlain(V) || !IsPlain(To))
    return AnySign;
  if (V.isNumber() && To.isNumber())
    return V.Num < To.Num ? Negative : Positive;
  // Nothing is counted to less than nothing.
  if (V.isNumber())
    return turned(signs(factOfOrder(To.Id, V, AnySign, T).first, T)) &
           (V.Num ? AnySign : Negative | Zero);
  Signs Orders = signs(factOfOrder(V.Id, To, AnySign, T).first, T);
  return To.isNumber() || V.Id < To.Id ? Orders : turned(Orders);
}

Signs State::implied(EntityId Id, const EntityTable &T) const {
  const Entity &E = T[Id];
  if (E.By == Entity::Form::BitsKept) {
    Bits Of = bitsOf(E.Parts.front(), T);
    uint64_t Mask = uint64_t(E.Num);
    return !(Mask & ~Of.Zeros) ? Zero : Mask & Of.Ones ? NonZero : AnySign;
  }
  Signs Order = orderToNumber(Id, T);
  const Entity &Of = T[E.Parts.front()];
  if (Of.By != Entity::Form::BitsKept)
    return Order;
  Bits Whole = bitsOf(Of.Parts.front(), T);
  uint64_t N = uint64_t(E.Num), Mask = uint64_t(Of.Num);
  if (!(Mask & ~(Whole.Ones | Whole.Zeros))) {
    int64_t Is = int64_t(Whole.Ones & Mask);
    return Order & (Is < E.Num ? Negative : Is == E.Num ? Zero : Positive);
  }
  bool Differs = (N & (~Mask | Whole.Zeros)) || (Whole.Ones & Mask & ~N);
  return Differs ? Order & NonZero : Order;
}

} // namespace engine
