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

/// Adds what both \p A and \p B, of two paths, are in comparison with what one
/// of them was compared with, or with \p Bounds: what \p Both will be. What is
/// \p Counted, it is in comparison with the numbers that it was as well: it is
/// between them.
static void joinOrders(const State &SA, const Value &A, const State &SB,
                       const Value &B, EntityId Both,
                       llvm::ArrayRef<Value> Bounds, bool Counted,
                       EntityTable &T,
                       llvm::SmallVectorImpl<std::pair<Value, Fact>> &Out) {
  llvm::SmallVector<Value, MostOrders> To(Bounds.begin(), Bounds.end());
  auto Add = [&](const Value &V) {
    if (To.size() < MostOrders && !llvm::is_contained(To, V))
      To.push_back(V);
  };
  for (const Value &V : {A, B})
    if (V.isNumber() && Counted)
      Add(V);
    else if (V.isRef() && V.Num == 0)
      for (EntityId Asked : T[V.Id].Asked) {
        const Entity &E = T[Asked];
        if (E.By == Entity::Form::Compared)
          Add(Value::number(E.Num));
        else if (E.By == Entity::Form::Ordered)
          Add(Value::ref(E.Parts.front() == V.Id ? EntityId(E.Num)
                                                 : E.Parts.front()));
      }
  for (const Value &V : To) {
    Signs Orders = SA.order(A, V, T) | SB.order(B, V, T);
    if (Orders != AnySign)
      Out.push_back({V, factOfOrder(Both, V, Orders, T)});
  }
}

void State::merge(const State &O, const void *Where, EntityTable &T,
                  bool InLoop) {
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
  const std::vector<EntityId> Stale = T.staleWith(Both);
  ClauseJoin Join(*this, O, T, Stale);
  for (const auto &D : Places)
    Join.addValues(D.Both, D.Mine, D.Other, !T.isCounter(D.At));
  for (const auto &D : Expressions)
    Join.addValues(D.Both, D.Mine, D.Other, true);
  FlatMap<Clause, std::monostate> Either = Join.clauses();
  llvm::SmallVector<std::pair<Value, Fact>, 8> Orders;
  for (const auto &D : Places)
    joinOrders(*this, D.Mine, O, D.Other, D.Both, T.boundsOf(D.At),
               !InLoop && T.isCounter(D.At), T, Orders);
  mergeKnown(O, T);
  forget(Stale, T);
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
  for (const auto &[To, Order] : Orders)
    if (!std::binary_search(Stale.begin(), Stale.end(), To.Id))
      Known[Order.first] = Order.second;
  Dead = std::min(Dead, O.Dead);
}

} // namespace engine
