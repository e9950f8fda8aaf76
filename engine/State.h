//===- State.h - What is known at one point of one path -------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plain values that a walk moves along a function: what memory holds, the
// typestate of each structure, and resources that are held. What the slots,
// flags and contracts of a structure mean is the client's.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include "engine/Clause.h"
#include "engine/Entities.h"
#include "engine/FlatMap.h"
#include "llvm/ADT/DenseSet.h"
#include <array>
#include <variant>

namespace engine {

/// A branch on what a structure's own members say, and the ways of it that
/// paths have come by, as bits. The driver keeps books there: one way of it may
/// mean that the structure is registered.
struct Telling {
  const clang::Expr *By;
  uint32_t Ways, All;
  bool operator==(const Telling &O) const {
    return By == O.By && Ways == O.Ways;
  }
};

/// The typestate of one structure (or block of memory) on one path. A client
/// has an enum of its own for the slots: O.happen(Event::Opened, Call).
struct Object {
  /// How many kinds of events a client can tell apart.
  static constexpr size_t Slots = 16;
  /// Bits of \c Flags; the rest, from FirstOfClient on, is the client's.
  enum : uint32_t {
    Escaped = 1 << 0, ///< something that outlives the function points to it
    FirstOfClient = 1 << 1
  };
  uint32_t Flags = 0;
  /// The client's row of what it came from, when seen.
  const void *Contract = nullptr;
  EntityId Result = 0; ///< of a call that failed for it
  /// Where each event happened on this path, null where it did not.
  std::array<const clang::Expr *, Slots> Events{};
  /// Calls of functions that are not shown, with the object as an argument,
  /// since its last event.
  llvm::SmallVector<const clang::CallExpr *, 2> Outside;
  /// Branches of which not all ways have come together again.
  llvm::SmallVector<Telling, 2> Told;
  /// Branches on values that this walk has lost track of.
  llvm::SmallVector<std::pair<const clang::Expr *, EntityId>, 2> Guesses;

  bool has(uint32_t Flag) const { return Flags & Flag; }
  void set(uint32_t Flag) { Flags |= Flag; }
  void drop(uint32_t Flag) { Flags &= ~Flag; }
  template <typename Event> const clang::Expr *at(Event E) const {
    return Events[size_t(E)];
  }
  template <typename Event> void happen(Event E, const clang::Expr *Where) {
    Events[size_t(E)] = Where;
  }
  /// The slots that are filled, as bits.
  uint32_t eventMask() const;
};

/// Structures by what stands for them. What a walk finds here it may change.
class ObjectMap : public FlatMap<EntityId, Object> {
public:
  using FlatMap::begin;
  using FlatMap::end;
  using FlatMap::find;
  Object *find(EntityId Id) { return change(Id); }
  iterator begin() { return items().begin(); }
  iterator end() { return items().end(); }
};

/// A resource that a function took and has not given back.
struct Held {
  const void *Contract = nullptr; ///< the client's row of its pair
  const clang::Expr *At = nullptr;
  /// A loop that takes one each time round must not lose sight of it, as of a
  /// lock.
  bool Lasting = false;
  bool operator==(const Held &O) const { return Contract == O.Contract; }
};

/// Which ways of the operators in progress a path has come by, the last one
/// first.
class ChoiceList {
public:
  /// The way of \p By, or null. Operators end in the order in which they nest:
  /// what is asked for is near the end of the list, or not in it.
  const bool *find(const clang::Expr *By) const {
    unsigned Near = 64;
    for (const Choice *C = Last; C && Near; C = C->Before, --Near)
      if (C->By == By)
        return &C->Way;
    return nullptr;
  }
  void add(const clang::Expr *By, bool Way, EntityTable &T);
  void erase(const clang::Expr *By, EntityTable &T);
  void clear() { Last = nullptr; }
  bool operator==(const ChoiceList &O) const;

private:
  const Choice *Last = nullptr;
};

/// What the \p Condition tells where it is true, or is not.
Fact factOf(const Value &Condition, bool Truth, EntityTable &T);
/// That the order of \p Id and \p To, a number or a value itself, is one of
/// \p Orders.
Fact factOfOrder(EntityId Id, const Value &To, Signs Orders, EntityTable &T);

/// Everything that is known at one point of one path.
struct State {
  /// How many clauses a state remembers.
  static constexpr size_t MostClauses = 24;

  /// What was stored, by place.
  FlatMap<Place, Value> Store;
  /// Signs that branches have left; absent is EntityTable::initialSigns.
  FlatMap<EntityId, Signs> Known;
  /// What the paths that have met here had, one or the other.
  FlatMap<Clause, std::monostate> Clauses;
  ObjectMap Objects;
  /// Resources by kind and by the place that stands for them.
  FlatMap<std::pair<unsigned, Place>, Held> Resources;
  /// Resources that were given back without having been taken on this path.
  FlatMap<std::pair<unsigned, Place>, Held> GivenBack;
  /// ... on some of the paths that have met here.
  FlatMap<std::pair<unsigned, Place>, Held> MayBeGiven;
  /// Values of expressions that are needed further on.
  FlatMap<const clang::Expr *, Value> Values;
  /// Branches that a client has noted on a way that came here.
  FlatMap<const clang::Expr *, std::monostate> Guesses;
  /// Which way a `?:`, `&&` or `||` went.
  ChoiceList Choices;
  /// The value that the function is about to return.
  Value Return;
  const clang::ReturnStmt *ReturnedAt = nullptr;
  /// The branch that was taken last, for notes.
  const clang::Expr *LastBranch = nullptr;
  bool LastBranchTaken = false;
  /// How many of the function's variables, in the order in which they die, are
  /// gone.
  unsigned Dead = 0;
  /// Events of objects that this walk cannot identify, as bits 1 << slot: an
  /// obligation may have been met through another name.
  uint32_t Elsewhere = 0;

  Signs signs(EntityId Id, const EntityTable &T) const;
  /// The signs that \p V can have.
  Signs signs(const Value &V, const EntityTable &T) const;
  /// The orders that \p V and \p To can have, as signs.
  Signs order(const Value &V, const Value &To, EntityTable &T) const;
  /// Learns that the sign of \p Id is in \p Only, and what follows from that;
  /// false where it cannot be.
  bool restrict(EntityId Id, Signs Only, const EntityTable &T);
  /// Learns that \p C holds; false where it cannot.
  bool learn(const Clause &C, const EntityTable &T);
  /// Forgets all that was said of \p Ids: they are about to mean something
  /// else, as the result of a call does each time round a loop.
  void retire(llvm::ArrayRef<EntityId> Ids, const EntityTable &T);

  /// True where both say the same of every structure and resource.
  bool sameLives(const State &O) const;
  /// ... and of what the paths go on with, so that the rest may be merged.
  bool sameProperty(const State &O) const;
  /// ... but for what was given back.
  bool samePropertyButGiven(const State &O) const;
  /// ... and but for what a loop may lose sight of: what it takes each time
  /// round, and structures that it comes to by a list.
  bool samePropertyRoundLoop(const State &O, const EntityTable &T) const;
  /// ... but for what only one of them holds, unless that lasts.
  bool samePropertyButHeld(const State &O, const EntityTable &T) const;
  /// Keeps of what was given back for sure only what \p O has given as well;
  /// and of structures and what is held, what \p O has.
  void keepCommon(const State &O);
  /// Forgets the signs of results that nothing speaks of any more, where so
  /// many have come up since it was done last that it is worth it. \p Callers
  /// are what the functions around the one that is walked have yet to use.
  void dropUnnamed(const EntityTable &T, llvm::ArrayRef<EntityId> Callers);
  /// Takes in what \p O knows, where both have the same property: a place, or
  /// an expression, whose values differ gets a value of its own for \p Where,
  /// with the signs of both. \p InLoop where it may yet come here again.
  void merge(const State &O, const void *Where, EntityTable &T,
             bool InLoop = false);
  bool operator==(const State &O) const;

private:
  /// What two paths have different values for: these, and an entity that can
  /// be both.
  template <typename K> struct Difference {
    K At;
    Value Mine, Other;
    EntityId Both;
    Signs Can;
  };
  template <typename K> using Joined = llvm::SmallVector<Difference<K>, 4>;

  /// The bits of a number that are known.
  struct Bits {
    uint64_t Ones = 0, Zeros = 0;
  };
  Bits bitsOf(EntityId Id, const EntityTable &T) const;
  Signs orderToNumber(EntityId Id, const EntityTable &T) const;
  Signs implied(EntityId Id, const EntityTable &T) const;
  bool follow(const EntityTable &T);
  /// Forgets all that was said of \p Gone, which is sorted.
  void forget(llvm::ArrayRef<EntityId> Gone, const EntityTable &T);

  bool sameValues(const State &O) const;
  bool sameHeld(const State &O) const;
  bool lastsIn(const State &There) const;
  bool hasHeld(EntityId Id) const;
  bool sameObjects(const State &O) const;
  void differentPlaces(const State &O, const void *Where, EntityTable &T,
                       Joined<Place> &Out) const;
  void differentValues(const State &O, EntityTable &T,
                       Joined<const clang::Expr *> &Out) const;
  void mergeKnown(const State &O, const EntityTable &T);
  void mergeObjects(const State &O);
  llvm::DenseSet<EntityId> named() const;

  /// How many signs there may be until dropUnnamed() looks again.
  size_t KnownUntilDrop = 16;
};

/// States that leave something together.
using States = std::vector<State>;

} // namespace engine

#endif // ENGINE_STATE_H
