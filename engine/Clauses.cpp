//===- Clauses.cpp - What outlives the meeting of two paths ---------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/Arithmetic.h"
#include "engine/ClauseJoin.h"

using namespace clang;

namespace engine {

Fact factOf(const Value &Condition, bool Truth, EntityTable &T) {
  Value::Question Q = Truth ? Condition.Asks : opposite(Condition.Asks);
  if (Q == Value::NoMore)
    return {Condition.Id, Truth ? Condition.True : Condition.False};
  return {T.compared(Condition.Id, Condition.Num), ordersOf(Q)};
}

/// How many facts of one path are looked at.
static constexpr size_t MostFacts = 6;

ClauseJoin::ClauseJoin(const State &A, const State &B, EntityTable &T,
                       llvm::ArrayRef<EntityId> Stale)
    : Sides{{A}, {B}}, T(T), Stale(Stale) {
  for (EntityId Id : Stale)
    StaleIds.add(Id);
  if (A.Known.isShared(B.Known))
    return;
  A.Known.forEachDifference(B.Known,
                            [&](EntityId Id, const Signs *, const Signs *) {
                              if (!isStale(Id))
                                addFacts(Id, A.signs(Id, T), B.signs(Id, T));
                              return llvm::any_of(Sides, [](const Side &On) {
                                return On.Facts.size() < MostFacts;
                              });
                            });
}

void ClauseJoin::addFact(unsigned Of, Fact F) {
  if (Sides[Of].Facts.size() < MostFacts)
    Sides[Of].Facts.push_back(F);
}

void ClauseJoin::addFacts(EntityId Id, Signs OfA, Signs OfB) {
  if (OfB & ~OfA)
    addFact(0, {Id, OfA});
  if (OfA & ~OfB)
    addFact(1, {Id, OfB});
}

void ClauseJoin::addValues(EntityId Id, const Value &OfA, const Value &OfB,
                           bool Chosen) {
  const Value *Of[] = {&OfA, &OfB};
  for (unsigned I : {0, 1}) {
    Side &On = Sides[I];
    On.Values.push_back({Id, *Of[I]});
    On.Named.add(Id);
    On.Meant.add(Of[I]->Id);
    if (Of[I]->K != Value::Condition)
      continue;
    // It is 0, or what it asks is so; or it is not 0, and that is not so.
    for (bool Truth : {true, false})
      if (std::optional<Clause> C =
              Clause().orElse({Id, Truth ? Zero : Positive}, AnySign)) {
        Fact F = factOf(*Of[I], Truth, T);
        if (isStale(F.first))
          continue;
        if ((C = C->orElse(F, T.initialSigns(F.first))))
          On.Own.push_back(*C);
      }
  }
  if (Chosen && OfA.isNumber() && OfB.isNumber()) {
    addFact(0, factOfOrder(Id, OfA, Zero, T));
    addFact(1, factOfOrder(Id, OfB, Zero, T));
    return;
  }
  addFacts(Id, Sides[0].S.signs(OfA, T), Sides[1].S.signs(OfB, T));
}

bool ClauseJoin::isStale(EntityId Id) const {
  return StaleIds.mayHave(Id) &&
         std::binary_search(Stale.begin(), Stale.end(), Id);
}

/// What \p Id will mean is this value on \p On; null for what keeps its
/// meaning.
const Value *ClauseJoin::valueOn(const Side &On, EntityId Id) const {
  if (!On.Named.mayHave(Id))
    return nullptr;
  auto Same = llvm::find_if(On.Values,
                            [&](const auto &Item) { return Item.first == Id; });
  return Same == On.Values.end() ? nullptr : &Same->second;
}

Signs ClauseJoin::signsOn(const Side &On, EntityId Id) const {
  if (const Value *V = valueOn(On, Id))
    return On.S.signs(*V, T);
  if (T.form(Id) == Entity::Form::Compared)
    if (const Value *V = valueOn(On, T.firstPart(Id)))
      return On.S.order(*V, Value::number(T[Id].Num), T);
  return On.S.signs(Id, T);
}

/// True where \p C, which \p On has, is about what goes on to mean the same.
bool ClauseJoin::canTell(const Side &On, const Clause &C) const {
  return llvm::all_of(C, [&](const Fact &F) {
    const Value *V = valueOn(On, F.first);
    return V ? *V == Value::ref(F.first) : !isStale(F.first);
  });
}

llvm::SmallVector<const Clause *, State::MostClauses>
ClauseJoin::toldBy(const Side &On) const {
  llvm::SmallVector<const Clause *, State::MostClauses> Out;
  for (const auto &[C, Nothing] : On.S.Clauses)
    if (canTell(On, C))
      Out.push_back(&C);
  return Out;
}

/// True where \p C, which \p On has not told, holds there.
bool ClauseJoin::followsOn(const Side &On, const Clause &C) const {
  return llvm::is_contained(On.Own, C) || llvm::any_of(C, [&](const Fact &F) {
           return !(signsOn(On, F.first) & ~F.second);
         });
}

/// What \p Id itself, on \p On, will be called, or what compares it with a
/// number; 0 where it has no other name.
EntityId ClauseJoin::nameFor(const Side &On, EntityId Id) const {
  if (T.form(Id) == Entity::Form::Compared) {
    EntityId Of = nameFor(On, T.firstPart(Id));
    return Of ? T.compared(Of, T[Id].Num) : 0;
  }
  if (!On.Meant.mayHave(Id))
    return 0;
  auto Now = llvm::find_if(On.Values, [&](const auto &Item) {
    return Item.second == Value::ref(Id);
  });
  return Now == On.Values.end() ? 0 : Now->first;
}

/// \p C, which \p On has, where it is about what joined values were there: of
/// these. Nothing where it is about none of them.
std::optional<Clause> ClauseJoin::renamed(const Side &On,
                                          const Clause &C) const {
  if (llvm::none_of(C, [&](const Fact &F) { return nameFor(On, F.first); }))
    return std::nullopt;
  std::optional<Clause> Out = Clause();
  for (Fact F : C) {
    if (EntityId Now = nameFor(On, F.first)) {
      F.first = Now;
    } else if (isStale(F.first)) {
      return std::nullopt;
    }
    Out = Out->orElse(F, T.initialSigns(F.first));
    if (!Out)
      return std::nullopt;
  }
  return Out;
}

void ClauseJoin::keep(const Clause &C) {
  auto *At = llvm::lower_bound(Out, C);
  if (At == Out.end() || !(*At == C))
    Out.insert(At, C);
}

/// Adds that \p C holds or \p OrElse does.
void ClauseJoin::add(const Clause &C, Fact OrElse) {
  if (isFull())
    return;
  if (auto New = C.orElse(OrElse, T.initialSigns(OrElse.first)))
    keep(*New);
}

FlatMap<Clause, std::monostate> ClauseJoin::clauses() {
  // What the other path cannot deny stays; else it is so, or the other path
  // was taken.
  for (Side &On : Sides)
    if (!On.Values.empty())
      for (const auto &[C, Nothing] : On.S.Clauses)
        if (std::optional<Clause> Now = renamed(On, C))
          On.Own.push_back(*Now);
  const llvm::SmallVector<const Clause *, State::MostClauses> Told[] = {
      toldBy(Sides[0]), toldBy(Sides[1])};
  llvm::SmallVector<std::pair<Clause, const Side *>, State::MostClauses> Denied;
  for (unsigned I : {0, 1}) {
    const Side &On = Sides[I], &Other = Sides[1 - I];
    auto Keep = [&](const Clause &C, const Clause *ByOther) {
      if (isFull())
        return;
      if ((ByOther && *ByOther == C) || followsOn(Other, C))
        keep(C);
      else
        Denied.push_back({C, &Other});
    };
    // Both rows are in one order.
    auto At = Told[1 - I].begin(), End = Told[1 - I].end();
    auto Find = [&](const Clause &C) {
      while (At != End && **At < C)
        ++At;
      return At == End ? nullptr : *At;
    };
    for (const Clause *C : Told[I])
      Keep(*C, Find(*C));
    for (const Clause &C : On.Own) {
      At = Told[1 - I].begin();
      Keep(C, Find(C));
    }
  }
  for (const auto &[C, Other] : Denied)
    for (const Fact &F : Other->Facts)
      add(C, F);
  for (const Fact &A : Sides[0].Facts)
    for (const Fact &B : Sides[1].Facts)
      if (std::optional<Clause> C = Clause().orElse(A, T.initialSigns(A.first)))
        add(*C, B);
  // Mostly, what the first path has.
  const auto &Mine = Sides[0].S.Clauses;
  auto IsSame = [](const auto &Item, const Clause &C) {
    return Item.first == C;
  };
  if (Mine.size() == Out.size() &&
      std::equal(Mine.begin(), Mine.end(), Out.begin(), IsSame))
    return Mine;
  FlatMap<Clause, std::monostate> Row;
  for (const Clause &C : Out)
    Row[C] = {};
  return Row;
}

} // namespace engine
