//===- State.cpp - What is known at one point of one path -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/State.h"
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
  return S ? *S : T.initialSigns(Id);
}

Signs State::signs(const Value &V, const EntityTable &T) const {
  switch (V.K) {
  case Value::Number:
    return signOf(V.Num);
  case Value::Ref:
    return signs(V.Id, T);
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
  Known[Id] = Left;
  return true;
}

void State::retire(llvm::ArrayRef<EntityId> Ids, const EntityTable &T) {
  std::vector<EntityId> Gone = T.staleWith(Ids);
  if (Gone.empty())
    return;
  auto Stale = [&](EntityId E) {
    return E >= Gone.front() && E <= Gone.back() &&
           std::binary_search(Gone.begin(), Gone.end(), E);
  };
  Known.eraseIf([&](const auto &Item) { return Stale(Item.first); });
  Objects.eraseIf([&](const auto &Item) { return Stale(Item.first); });
  Store.eraseIf([&](const auto &Item) { return Stale(Item.first.Id); });
  auto Holds = [&](const auto &Item) { return Stale(Item.second.Id); };
  if (llvm::any_of(std::as_const(Store), Holds))
    for (auto &[P, V] : Store)
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

void State::dropUnnamed(const EntityTable &T) {
  if (Known.size() <= KnownUntilDrop)
    return;
  llvm::DenseSet<EntityId> Named = named();
  // A variable is always there to be read again; a result only by its names.
  auto Lost = [&](EntityId Id) {
    Entity::Kind K = T[Id].K;
    return (K == Entity::Result || K == Entity::Fresh) && !Named.contains(Id);
  };
  auto Unnamed = [&](const auto &Item) { return !Named.contains(Item.first); };
  Known.eraseIf([&](const auto &Item) {
    return Lost(Item.first) ||
           (Unnamed(Item) && llvm::any_of(T[Item.first].Parts, Lost));
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
  if (Objects.size() != O.Objects.size() || Elsewhere != O.Elsewhere)
    return false;
  if (Objects.isShared(O.Objects))
    return true;
  return std::equal(Objects.begin(), Objects.end(), O.Objects.begin(),
                    [](const auto &A, const auto &B) {
                      return A.first == B.first &&
                             engine::sameProperty(A.second, B.second);
                    });
}

bool State::sameHeld(const State &O) const {
  return Resources == O.Resources && sameObjects(O);
}

bool State::sameLives(const State &O) const {
  return GivenBack == O.GivenBack && sameHeld(O);
}

bool State::samePropertyButGiven(const State &O) const {
  return Choices == O.Choices && Return == O.Return &&
         ReturnedAt == O.ReturnedAt && sameValues(O) && sameHeld(O);
}

bool State::samePropertyRoundLoop(const State &O, const EntityTable &T) const {
  auto Fits = [&](const State &Here, const State &There) {
    return llvm::all_of(Here.Resources,
                        [&](const auto &Item) {
                          return !Item.second.Lasting ||
                                 There.Resources.find(Item.first);
                        }) &&
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

/// What all of the paths were told that \p A and \p B speak of. What comes from
/// both ways of a branch tells nothing any more.
static void mergeTold(llvm::SmallVectorImpl<Telling> &A,
                      llvm::ArrayRef<Telling> B) {
  llvm::erase_if(A, [&](Telling &T) {
    auto Same =
        llvm::find_if(B, [&](const Telling &U) { return U.By == T.By; });
    if (Same == B.end())
      return true;
    T.Ways |= Same->Ways;
    return T.Ways == T.All;
  });
}

/// Adds the places that hold another value in \p O. What was stored on one side
/// only was there before on the other.
void State::differentPlaces(const State &O, const void *Where, EntityTable &T,
                            Joined<Place> &Out) const {
  if (Store.isShared(O.Store))
    return;
  Store.forEachDifference(
      O.Store, [&](Place P, const Value *A, const Value *B) {
        Value VA = A ? *A : Value::ref(T.loaded(P, QualType()));
        Value VB = B ? *B : Value::ref(T.loaded(P, QualType()));
        Out.push_back({P, VA, VB, T.fresh(Where, 0, P),
                       Signs(signs(VA, T) | O.signs(VB, T))});
        return true;
      });
}

/// Adds the expressions that have another value in \p O: each is the value of
/// the expression on a path that came here, and nothing else is known of it.
void State::differentValues(const State &O, EntityTable &T,
                            Joined<const Expr *> &Out) const {
  if (Values.isShared(O.Values))
    return;
  for (const auto &[E, V] : Values) {
    const Value &Other = *O.Values.find(E);
    if (!(V == Other))
      Out.push_back({E, V, Other, T.fresh(E, 0, {}),
                     Signs(signs(V, T) | O.signs(Other, T))});
  }
}

/// What both sides know; what anything can be need not be said.
void State::mergeKnown(const State &O, const EntityTable &T) {
  if (Known.isShared(O.Known))
    return;
  std::vector<std::pair<EntityId, Signs>> Changed;
  Known.forEachDifference(
      O.Known, [&](EntityId Id, const Signs *Mine, const Signs *Other) {
        if (Mine)
          Changed.push_back(
              {Id, Signs(Other ? *Mine | *Other : T.initialSigns(Id))});
        return true;
      });
  for (auto [Id, Either] : Changed)
    if (Either == T.initialSigns(Id))
      Known.erase(Id);
    else
      Known[Id] = Either;
}

/// Adds to \p A what is in \p B and not in it.
template <typename List> static void unite(List &A, const List &B) {
  if (A == B)
    return;
  llvm::DenseSet<typename List::value_type> Known(A.begin(), A.end());
  for (const auto &Item : B)
    if (Known.insert(Item).second)
      A.push_back(Item);
}

void State::mergeObjects(const State &O) {
  if (Objects.isShared(O.Objects))
    return;
  for (auto &[Id, Obj] : Objects) {
    const Object &Other = *O.Objects.find(Id);
    mergeTold(Obj.Told, Other.Told);
    unite(Obj.Outside, Other.Outside);
    unite(Obj.Guesses, Other.Guesses);
  }
}

void State::merge(const State &O, const void *Where, EntityTable &T) {
  Joined<Place> Places;
  Joined<const Expr *> Expressions;
  differentPlaces(O, Where, T, Places);
  differentValues(O, T, Expressions);
  mergeObjects(O);
  for (const auto &[Key, H] : O.MayBeGiven)
    if (!std::as_const(MayBeGiven).find(Key))
      MayBeGiven[Key] = H;
  // An element of an array by which a loop knew a structure, and no more.
  for (const auto &D : Places) {
    const VarDecl *Var = T.variableOf(D.At.Id);
    if (D.At.isMemory() && (!Var || !Var->getType()->isScalarType()))
      for (const Value &V : {D.Mine, D.Other})
        if (Object *Named = V.isRef() ? Objects.find(V.Id) : nullptr)
          Named->set(Object::Escaped);
  }
  mergeKnown(O, T);
  llvm::SmallVector<EntityId, 16> Both;
  for (const auto &D : Places)
    Both.push_back(D.Both);
  for (const auto &D : Expressions)
    Both.push_back(D.Both);
  retire(Both, T);
  auto Take = [&](const auto &List, auto &Into) {
    for (const auto &D : List) {
      Into[D.At] = Value::ref(D.Both);
      if (D.Can != T.initialSigns(D.Both))
        Known[D.Both] = D.Can;
    }
  };
  Take(Places, Store);
  Take(Expressions, Values);
  Dead = std::min(Dead, O.Dead);
}

bool State::operator==(const State &O) const {
  if (!sameProperty(O) || !(Store == O.Store) || !(Known == O.Known) ||
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
