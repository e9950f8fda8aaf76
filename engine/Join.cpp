//===- Join.cpp - Where two paths meet ------------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/ClauseJoin.h"
#include "clang/AST/Decl.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace clang;

namespace engine {

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
        Out.push_back({P, VA, VB, T.joined(Where, P, VA, VB),
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
          Changed.push_back({Id, Signs(*Mine | O.signs(Id, T))});
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

/// How many questions about a value are carried over to what it is joined to.
static constexpr size_t MostOrders = 8;

/// The orders that \p V can have to \p N, as signs.
static Signs orderTo(const State &S, const Value &V, int64_t N,
                     EntityTable &T) {
  if (V.isNumber())
    return V.Num < N ? Negative : V.Num == N ? Zero : Positive;
  return V.isRef() && V.Num == 0 ? S.signs(T.compared(V.Id, N), T) : AnySign;
}

/// Adds what both \p A and \p B, of two paths, are in comparison with numbers
/// that one of them was compared with: what \p Both will be.
static void joinOrders(const State &SA, const Value &A, const State &SB,
                       const Value &B, EntityId Both, EntityTable &T,
                       std::vector<std::tuple<EntityId, int64_t, Signs>> &Out) {
  llvm::SmallVector<int64_t, MostOrders> Numbers;
  for (const Value &V : {A, B})
    if (V.isRef() && V.Num == 0)
      for (EntityId Asked : T[V.Id].Asked)
        if (T[Asked].By == Entity::Form::Compared &&
            Numbers.size() < MostOrders &&
            !llvm::is_contained(Numbers, T[Asked].Num))
          Numbers.push_back(T[Asked].Num);
  for (int64_t N : Numbers) {
    Signs Order = orderTo(SA, A, N, T) | orderTo(SB, B, N, T);
    if (Order != AnySign)
      Out.push_back({Both, N, Order});
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
  if (!Guesses.isShared(O.Guesses))
    for (const auto &[By, Nothing] : O.Guesses)
      Guesses[By] = {};
  // An element of an array by which a loop knew a structure, and no more.
  for (const auto &D : Places) {
    const VarDecl *Var = T.variableOf(D.At.Id);
    if (D.At.isMemory() && (!Var || !Var->getType()->isScalarType()))
      for (const Value &V : {D.Mine, D.Other})
        if (Object *Named = V.isRef() ? Objects.find(V.Id) : nullptr)
          Named->set(Object::Escaped);
  }
  llvm::SmallVector<EntityId, 16> Both;
  for (const auto &D : Places)
    Both.push_back(D.Both);
  for (const auto &D : Expressions)
    Both.push_back(D.Both);
  ClauseJoin Join(*this, O, T, Both);
  for (const auto &D : Places)
    Join.addValues(D.Both, D.Mine, D.Other);
  for (const auto &D : Expressions)
    Join.addValues(D.Both, D.Mine, D.Other);
  FlatMap<Clause, std::monostate> Either = Join.clauses();
  std::vector<std::tuple<EntityId, int64_t, Signs>> Orders;
  for (const auto &D : Places)
    joinOrders(*this, D.Mine, O, D.Other, D.Both, T, Orders);
  mergeKnown(O, T);
  retire(Both, T);
  Clauses = std::move(Either);
  auto Take = [&](const auto &List, auto &Into) {
    for (const auto &D : List) {
      Into[D.At] = Value::ref(D.Both);
      if (D.Can != T.initialSigns(D.Both))
        Known[D.Both] = D.Can;
    }
  };
  Take(Places, Store);
  Take(Expressions, Values);
  for (const auto &[Id, N, Order] : Orders)
    Known[T.compared(Id, N)] = Order;
  Dead = std::min(Dead, O.Dead);
}

} // namespace engine
