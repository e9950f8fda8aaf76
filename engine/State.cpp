//===- State.cpp - What is known at one point of one path -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/State.h"
#include "engine/Arithmetic.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace engine {

uint32_t Object::eventMask() const {
  uint32_t Mask = 0;
  for (size_t I = 0; I < Events.size(); ++I)
    Mask |= uint32_t(Events[I] != nullptr) << I;
  return Mask;
}

Signs State::signs(EntityId Id, const EntityTable &T) const {
  const Signs *S = Known.find(Id);
  Signs Can = S ? *S : T.initialSigns(Id);
  Entity::Form By = T.form(Id);
  bool TellsOfPart =
      By == Entity::Form::Compared || By == Entity::Form::BitsKept;
  return TellsOfPart && (Can & (Can - 1)) ? Can & implied(Id, T) : Can;
}

Signs State::signs(const Value &V, const EntityTable &T) const {
  switch (V.K) {
  case Value::Number:
    return signOf(V.Num);
  case Value::Ref:
    // The address of a member is never NULL.
    return V.Num ? Positive : signs(V.Id, T);
  case Value::Condition: {
    Signs Now = signs(V.Id, T);
    return ((Now & V.True) ? Positive : 0) | ((Now & V.False) ? Zero : 0);
  }
  case Value::Unknown:
    return AnySign;
  }
  return AnySign;
}

bool State::restrict(EntityId Id, Signs Only, const EntityTable &T) {
  Signs Left = signs(Id, T) & Only;
  if (!Left)
    return false;
  const Signs *Before = std::as_const(Known).find(Id);
  if (Before && *Before == Left)
    return true;
  Known[Id] = Left;
  const Entity &E = T[Id];
  if (E.By == Entity::Form::Compared && Left == Zero &&
      !restrict(E.Parts.front(), signOf(E.Num), T))
    return false;
  return Clauses.empty() || follow(T);
}

bool State::learn(const Clause &C, const EntityTable &T) {
  if (Clauses.size() < MostClauses)
    Clauses[C] = {};
  return follow(T);
}

/// Learns what is left of the clauses; false where nothing is left of one.
bool State::follow(const EntityTable &T) {
  llvm::SmallVector<Clause, 2> Done;
  llvm::SmallVector<Fact, 2> Left;
  for (const auto &[C, Nothing] : std::as_const(Clauses)) {
    const Fact *Open = nullptr;
    unsigned Others = 0;
    bool Holds = false;
    for (const Fact &F : C) {
      Signs Can = signs(F.first, T);
      Holds |= !(Can & ~F.second);
      if (Can & F.second)
        Others += std::exchange(Open, &F) != nullptr;
    }
    if (!Open)
      return false;
    if (!Holds && Others)
      continue;
    if (!Holds)
      Left.push_back(*Open);
    Done.push_back(C);
  }
  for (const Clause &C : Done)
    Clauses.erase(C);
  return llvm::all_of(
      Left, [&](const Fact &F) { return restrict(F.first, F.second, T); });
}

void State::retire(llvm::ArrayRef<EntityId> Ids, const EntityTable &T) {
  forget(T.staleWith(Ids), T);
}

void State::forget(llvm::ArrayRef<EntityId> Gone, const EntityTable &T) {
  if (Gone.empty())
    return;
  auto Stale = [&](EntityId E) {
    return E >= Gone.front() && E <= Gone.back() &&
           std::binary_search(Gone.begin(), Gone.end(), E);
  };
  auto OfItem = [&](const auto &Item) { return Stale(Item.first); };
  Known.eraseBetween(Gone.front(), Gone.back(), OfItem);
  Objects.eraseBetween(Gone.front(), Gone.back(), OfItem);
  Store.eraseBetween({Gone.front(), INT64_MIN, Space::Memory},
                     {Gone.back(), INT64_MAX, Space(UINT8_MAX)},
                     [&](const auto &Item) { return Stale(Item.first.Id); });
  Clauses.eraseIf([&](const auto &Item) {
    return llvm::any_of(Item.first,
                        [&](const Fact &F) { return Stale(F.first); });
  });
  auto Holds = [&](const auto &Item) { return Stale(Item.second.Id); };
  if (llvm::any_of(Store, Holds))
    for (auto &[P, V] : Store.items())
      if (Stale(V.Id))
        V = Value();
  auto OfStale = [&](const auto &Item) { return Stale(Item.first.second.Id); };
  llvm::SmallVector<std::pair<unsigned, Held>, 2> Unnamed;
  if (T.RemembersTaken)
    for (const auto &Item : std::as_const(Resources))
      if (OfStale(Item))
        Unnamed.push_back({Item.first.first, Item.second});
  Resources.eraseIf(OfStale);
  for (const auto &[Group, H] : Unnamed)
    Resources[{Group, Place{0, reinterpret_cast<intptr_t>(H.At)}}] = H;
  GivenBack.eraseIf(OfStale);
  MayBeGiven.eraseIf(OfStale);
}

void ChoiceList::add(const Expr *By, bool Way, EntityTable &T) {
  erase(By, T); // of a loop that left the operator half done
  Last = T.choose(By, Way, Last);
}

void ChoiceList::erase(const Expr *By, EntityTable &T) {
  if (!find(By))
    return;
  llvm::SmallVector<const Choice *, 4> Kept;
  for (; Last->By != By; Last = Last->Before)
    Kept.push_back(Last);
  Last = Last->Before;
  for (const Choice *C : llvm::reverse(Kept))
    Last = T.choose(C->By, C->Way, Last);
}

bool ChoiceList::operator==(const ChoiceList &O) const {
  const Choice *A = Last, *B = O.Last;
  while (A != B) { // what is the same node has the same rest
    if (!A || !B || A->By != B->By || A->Way != B->Way)
      return false;
    A = A->Before;
    B = B->Before;
  }
  return true;
}

/// The entities that this state can come to speak of again by itself.
llvm::DenseSet<EntityId> State::named() const {
  llvm::DenseSet<EntityId> Named;
  for (const auto &[P, V] : Store) {
    Named.insert(P.Id);
    Named.insert(V.Id);
  }
  for (const auto &[E, V] : Values)
    Named.insert(V.Id);
  for (const auto &[Id, O] : Objects) {
    Named.insert(Id);
    Named.insert(O.Result);
  }
  for (const auto *Pairs : {&Resources, &GivenBack, &MayBeGiven})
    for (const auto &[Key, H] : *Pairs)
      Named.insert(Key.second.Id);
  Named.insert(Return.Id);
  return Named;
}

/// How many answers of functions that are not shown a state remembers, of which
/// nothing but the same question can speak.
static constexpr size_t ManyAnswers = 256;

void State::dropUnnamed(const EntityTable &T,
                        llvm::ArrayRef<EntityId> Callers) {
  if (Known.size() <= KnownUntilDrop)
    return;
  llvm::DenseSet<EntityId> Named = named();
  Named.insert(Callers.begin(), Callers.end());
  // A variable is always there to be read again; a result only by its names.
  auto Lost = [&](EntityId Id) {
    Entity::Kind K = T[Id].K;
    return (K == Entity::Result || K == Entity::Fresh) && !Named.contains(Id);
  };
  auto Unnamed = [&](const auto &Item) { return !Named.contains(Item.first); };
  auto Forgotten = [&](EntityId Id) {
    return Lost(Id) || (!Named.contains(Id) && llvm::any_of(T[Id].Parts, Lost));
  };
  Known.eraseIf([&](const auto &Item) { return Forgotten(Item.first); });
  Clauses.eraseIf([&](const auto &Item) {
    return llvm::any_of(Item.first,
                        [&](const Fact &F) { return Forgotten(F.first); });
  });
  // The oldest answers have the smallest numbers.
  std::vector<EntityId> Answers;
  for (const auto &Item : std::as_const(Known))
    if (T[Item.first].K == Entity::Pure && Unnamed(Item))
      Answers.push_back(Item.first);
  if (Answers.size() > ManyAnswers) {
    Answers.resize(Answers.size() - ManyAnswers);
    Known.eraseIf([&](const auto &Item) {
      return std::binary_search(Answers.begin(), Answers.end(), Item.first);
    });
  }
  KnownUntilDrop = std::max<size_t>(16, 2 * Known.size());
}

static bool sameProperty(const Object &A, const Object &B) {
  return A.Flags == B.Flags && A.Contract == B.Contract &&
         A.Result == B.Result && A.eventMask() == B.eventMask();
}

/// True where the values of expressions are alike, or can be joined: a
/// structure is not to lose its name.
bool State::sameValues(const State &O) const {
  if (Values.isShared(O.Values))
    return true;
  return Values.size() == O.Values.size() &&
         std::equal(Values.begin(), Values.end(), O.Values.begin(),
                    [&](const auto &A, const auto &B) {
                      return A.first == B.first &&
                             (A.second == B.second ||
                              (!Objects.find(A.second.Id) &&
                               !Objects.find(B.second.Id)));
                    });
}

bool State::sameObjects(const State &O) const {
  if (Objects.isShared(O.Objects))
    return true;
  if (Objects.size() != O.Objects.size())
    return false;
  return std::equal(Objects.begin(), Objects.end(), O.Objects.begin(),
                    [](const auto &A, const auto &B) {
                      return A.first == B.first &&
                             engine::sameProperty(A.second, B.second);
                    });
}

bool State::sameHeld(const State &O) const {
  return Elsewhere == O.Elsewhere && Resources == O.Resources && sameObjects(O);
}

bool State::sameLives(const State &O) const {
  return GivenBack == O.GivenBack && sameHeld(O);
}

bool State::samePropertyButGiven(const State &O) const {
  // First what tells most states apart, and costs least.
  return ReturnedAt == O.ReturnedAt && Return == O.Return && sameHeld(O) &&
         Choices == O.Choices && sameValues(O);
}

/// True where all that lasts of what is held here is held by \p There, too.
bool State::lastsIn(const State &There) const {
  return llvm::all_of(Resources, [&](const auto &Item) {
    return !Item.second.Lasting || There.Resources.find(Item.first);
  });
}

/// True where \p Id was taken by one that is held here, or was given back.
bool State::hasHeld(EntityId Id) const {
  auto IsOf = [&](const auto &Item) { return Item.first.second.Id == Id; };
  return llvm::any_of(Resources, IsOf) || llvm::any_of(GivenBack, IsOf) ||
         llvm::any_of(MayBeGiven, IsOf);
}

bool State::samePropertyButHeld(const State &O, const EntityTable &T) const {
  // What is known of a structure is lost with it: so of one that both hold,
  // both know the same.
  auto Fits = [&](const State &Here, const State &There) {
    return Here.lastsIn(There) &&
           llvm::all_of(Here.Objects, [&](const auto &Item) {
             if (const Object *Other = There.Objects.find(Item.first))
               return engine::sameProperty(Item.second, *Other);
             return T[Item.first].K == Entity::Loaded ||
                    (Here.hasHeld(Item.first) && !There.hasHeld(Item.first));
           });
  };
  return Choices == O.Choices && Return == O.Return &&
         ReturnedAt == O.ReturnedAt && Elsewhere == O.Elsewhere &&
         sameValues(O) && Fits(*this, O) && Fits(O, *this);
}

bool State::samePropertyRoundLoop(const State &O, const EntityTable &T) const {
  auto Fits = [&](const State &Here, const State &There) {
    return Here.lastsIn(There) &&
           llvm::all_of(Here.Objects, [&](const auto &Item) {
             const Object *Other = There.Objects.find(Item.first);
             return Other ? engine::sameProperty(Item.second, *Other)
                          : T[Item.first].K == Entity::Loaded;
           });
  };
  return Choices == O.Choices && Return == O.Return &&
         ReturnedAt == O.ReturnedAt && Elsewhere == O.Elsewhere &&
         sameValues(O) && Fits(*this, O) && Fits(O, *this);
}

bool State::sameProperty(const State &O) const {
  return GivenBack == O.GivenBack && samePropertyButGiven(O);
}

void State::keepCommon(const State &O) {
  Resources.eraseIf(
      [&](const auto &Item) { return !O.Resources.find(Item.first); });
  Objects.eraseIf(
      [&](const auto &Item) { return !O.Objects.find(Item.first); });
  if (GivenBack == O.GivenBack)
    return;
  for (const auto &[Key, H] : O.GivenBack)
    if (!std::as_const(GivenBack).find(Key))
      MayBeGiven[Key] = H;
  for (const auto &[Key, H] : std::as_const(GivenBack))
    if (!O.GivenBack.find(Key))
      MayBeGiven[Key] = H;
  GivenBack.eraseIf(
      [&](const auto &Item) { return !O.GivenBack.find(Item.first); });
}

bool State::operator==(const State &O) const {
  if (!sameProperty(O) || !(Store == O.Store) || !(Known == O.Known) ||
      !(Clauses == O.Clauses) || !(Guesses == O.Guesses) ||
      !(Values == O.Values) || !(MayBeGiven == O.MayBeGiven))
    return false;
  return Objects.isShared(O.Objects) ||
         std::equal(Objects.begin(), Objects.end(), O.Objects.begin(),
                    [](const auto &A, const auto &B) {
                      return A.second.Outside == B.second.Outside &&
                             A.second.Guesses == B.second.Guesses &&
                             A.second.Told == B.second.Told;
                    });
}

} // namespace engine
