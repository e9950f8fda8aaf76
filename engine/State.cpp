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

void State::retire(EntityId Id, const EntityTable &T) {
  auto Stale = [&](EntityId E) { return E && (E == Id || T.dependsOn(E, Id)); };
  Known.eraseIf([&](const auto &Item) { return Stale(Item.first); });
  Objects.eraseIf([&](const auto &Item) { return Stale(Item.first); });
  Store.eraseIf([&](const auto &Item) { return Stale(Item.first.Id); });
  for (auto &[P, V] : Store)
    if (Stale(V.Id))
      V = Value();
  auto OfStale = [&](const auto &Item) { return Stale(Item.first.second.Id); };
  Resources.eraseIf(OfStale);
  GivenBack.eraseIf(OfStale);
}

static bool sameProperty(const Object &A, const Object &B) {
  return A.Flags == B.Flags && A.Contract == B.Contract &&
         A.Result == B.Result && A.eventMask() == B.eventMask();
}

bool State::sameProperty(const State &O) const {
  if (Objects.size() != O.Objects.size() || !(Resources == O.Resources) ||
      !(GivenBack == O.GivenBack) || !(Choices == O.Choices) ||
      !(Values == O.Values) || !(Return == O.Return) ||
      ReturnedAt != O.ReturnedAt || Elsewhere != O.Elsewhere)
    return false;
  for (auto I = Objects.begin(), J = O.Objects.begin(); I != Objects.end();
       ++I, ++J)
    if (I->first != J->first || !engine::sameProperty(I->second, J->second))
      return false;
  return true;
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

void State::merge(const State &O, const void *Where, EntityTable &T) {
  struct Difference {
    Place P;
    EntityId Id;
    Signs Both;
  };
  llvm::SmallVector<Difference, 8> Differences;
  llvm::SmallVector<EntityId, 4> Unnamed;
  // An element of an array by which a loop knew a structure, and no more.
  auto LosesName = [&](Place P, const Value &V) {
    const VarDecl *Var = T.variableOf(P.Id);
    return V.isRef() && (!Var || !Var->getType()->isScalarType()) &&
           P.isMemory() && Objects.find(V.Id);
  };
  auto Compare = [&](Place P, const State &A, const State &B) {
    const Value *InA = A.Store.find(P), *InB = B.Store.find(P);
    if (InA && InB && *InA == *InB)
      return;
    // What was stored on one side only was there before on the other.
    Value VA = InA ? *InA : Value::ref(T.loaded(P, QualType()));
    Value VB = InB ? *InB : Value::ref(T.loaded(P, QualType()));
    for (const Value &V : {VA, VB})
      if (LosesName(P, V))
        Unnamed.push_back(V.Id);
    Differences.push_back(
        {P, T.fresh(Where, 0, P), Signs(A.signs(VA, T) | B.signs(VB, T))});
  };
  for (const auto &[P, V] : Store)
    Compare(P, *this, O);
  for (const auto &[P, V] : O.Store)
    if (!Store.find(P))
      Compare(P, *this, O);
  Known.eraseIf([&](const auto &Item) { return !O.Known.find(Item.first); });
  for (auto &[Id, S] : Known)
    S |= *O.Known.find(Id);
  for (EntityId Id : Unnamed)
    Objects[Id].set(Object::Escaped);
  for (const Difference &D : Differences)
    retire(D.Id, T);
  for (const Difference &D : Differences) {
    Store[D.P] = Value::ref(D.Id);
    Known[D.Id] = D.Both;
  }
  for (auto &[Id, Obj] : Objects) {
    const Object &Other = *O.Objects.find(Id);
    mergeTold(Obj.Told, Other.Told);
    for (const CallExpr *Call : Other.Outside)
      if (!llvm::is_contained(Obj.Outside, Call))
        Obj.Outside.push_back(Call);
    for (const auto &Guess : Other.Guesses)
      if (!llvm::is_contained(Obj.Guesses, Guess))
        Obj.Guesses.push_back(Guess);
  }
}

bool State::operator==(const State &O) const {
  if (!sameProperty(O) || !(Store == O.Store) || !(Known == O.Known))
    return false;
  return llvm::equal(Objects, O.Objects, [](const auto &A, const auto &B) {
    return A.second.Outside == B.second.Outside &&
           A.second.Guesses == B.second.Guesses &&
           A.second.Told == B.second.Told;
  });
}

} // namespace engine
