//===- SymbolicState.h - What is known at one point of one path -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The plain values that the path engine moves along a function: symbolic
// values, what memory holds, the typestate of each structure, and resources
// that are held. Unknown is a value like any other, and starts no warning.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_SYMBOLICSTATE_H
#define VFIO_LIFECYCLE_SYMBOLICSTATE_H

#include "contracts/ApiTable.h"
#include "contracts/ResourceTable.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace vfio::flow {

/// What an integer or a pointer can be: a set of signs. A negative errno and
/// an ERR_PTR are Negative, 0 and NULL are Zero, all else is Positive; so one
/// domain serves for `ret < 0`, `!x` and `IS_ERR(x)` alike.
using Signs = uint8_t;
constexpr Signs Negative = 1, Zero = 2, Positive = 4;
constexpr Signs NonZero = Negative | Positive, NotNegative = Zero | Positive;
constexpr Signs AnySign = Negative | Zero | Positive;

/// The sign of a number.
inline Signs signOf(int64_t N) {
  return N < 0 ? Negative : N == 0 ? Zero : Positive;
}

/// Something with an identity: a variable's memory, a structure, the result of
/// a call. 0 is none.
using EntityId = uint32_t;

/// A place in memory: an entity and an offset in bits.
struct Place {
  EntityId Id = 0;
  int64_t Offset = 0;
  bool operator<(const Place &O) const {
    return std::tie(Id, Offset) < std::tie(O.Id, O.Offset);
  }
  bool operator==(const Place &O) const {
    return Id == O.Id && Offset == O.Offset;
  }
};

/// Added to the offset of a struct device: where its drvdata is kept.
constexpr int64_t DrvdataSlot = int64_t(1) << 40;

/// A symbolic value.
struct Value {
  enum Kind : uint8_t {
    Unknown,
    Number,   ///< Num
    Ref,      ///< Id plus Num bits; for an integer, Id's value itself
    Condition ///< true where Id's sign is in True, false where in False
  };
  Kind K = Unknown;
  Signs True = 0, False = 0;
  EntityId Id = 0;
  int64_t Num = 0;

  static Value number(int64_t N) { return {Number, 0, 0, 0, N}; }
  static Value ref(EntityId Id, int64_t Offset = 0) {
    return {Ref, 0, 0, Id, Offset};
  }
  static Value condition(EntityId Id, Signs True, Signs False) {
    return {Condition, True, False, Id, 0};
  }
  bool isUnknown() const { return K == Unknown; }
  bool isNumber() const { return K == Number; }
  bool isRef() const { return K == Ref; }
  auto key() const { return std::make_tuple(K, True, False, Id, Num); }
  bool operator==(const Value &O) const { return key() == O.key(); }
  bool operator<(const Value &O) const { return key() < O.key(); }
};

/// What an entity is, the same on all paths.
struct Entity {
  enum Kind : uint8_t {
    Variable, ///< the memory of a variable
    Function, ///< the code of a function
    Loaded,   ///< what a place held before anything here was stored to it
    Result,   ///< of a call
    Pure,     ///< result of a test that answers the same for the same arguments
    Derived,  ///< result of an operator on two values
    Fresh     ///< what an unknown writer left
  };
  Kind K;
  const void *Origin;   ///< VarDecl, FunctionDecl or Stmt
  Place From;           ///< Loaded: the place
  clang::QualType Type; ///< of what it points to or is, as far as seen
  /// Pure, Derived, Loaded: what it was computed or reached from, all the way.
  llvm::SmallVector<EntityId, 2> Parts;
  /// Result of a question: what it was asked about.
  llvm::SmallVector<EntityId, 2> About;
};

/// All entities of one analysis. The same origin gives the same entity, so
/// that states can be compared.
class EntityTable {
public:
  EntityTable() {
    Entities.push_back({Entity::Fresh, nullptr, {}, {}, {}, {}});
  }

  EntityId variable(const clang::VarDecl *Var);
  EntityId function(const clang::FunctionDecl *F);
  EntityId loaded(Place P, clang::QualType Type);
  EntityId result(const clang::Stmt *Call, unsigned Context,
                  clang::QualType Type);
  EntityId pure(const clang::FunctionDecl *F, llvm::ArrayRef<Value> Args);
  EntityId derived(unsigned Opcode, const Value &L, const Value &R);
  EntityId fresh(const void *Writer, unsigned Context, Place P);

  const Entity &operator[](EntityId Id) const { return Entities[Id]; }
  /// Remembers what \p Id points to when a cast says it.
  void noteType(EntityId Id, clang::QualType Type);
  /// Remembers that the answer \p Id is about \p Subject.
  void noteSubject(EntityId Id, EntityId Subject);
  /// True where \p Id is the name of something only as long as \p On keeps its
  /// value: `a[i]`, `p->next`, `i & 1`.
  bool dependsOn(EntityId Id, EntityId On) const;
  /// True where \p Id was read from the structure \p From, but for its bits
  /// from \p Begin to \p End, or is the answer to a question about it.
  bool tellsOf(EntityId Id, EntityId From, int64_t Begin, int64_t End) const;
  /// The signs that \p Id can have when nothing was learnt on the path.
  Signs initialSigns(EntityId Id) const;
  /// The variable that \p Id is the memory of, or null.
  const clang::VarDecl *variableOf(EntityId Id) const;
  /// The function that \p Id is, or null.
  const clang::FunctionDecl *functionOf(EntityId Id) const;

private:
  using Key = llvm::SmallVector<uint64_t, 8>;
  EntityId intern(Key K, Entity E);
  void addPart(Entity &E, EntityId Part) const;

  std::vector<Entity> Entities;
  std::map<std::vector<uint64_t>, EntityId> Known;
};

/// A small sorted map: cheap to copy and to compare.
template <typename K, typename V> class FlatMap {
public:
  using Item = std::pair<K, V>;
  V *find(const K &Key) {
    auto It = at(Key);
    return It != Items.end() && It->first == Key ? &It->second : nullptr;
  }
  const V *find(const K &Key) const {
    return const_cast<FlatMap *>(this)->find(Key);
  }
  V &operator[](const K &Key) {
    auto It = at(Key);
    if (It == Items.end() || !(It->first == Key))
      It = Items.insert(It, {Key, V()});
    return It->second;
  }
  void erase(const K &Key) {
    auto It = at(Key);
    if (It != Items.end() && It->first == Key)
      Items.erase(It);
  }
  template <typename Fn> void eraseIf(Fn F) {
    Items.erase(std::remove_if(Items.begin(), Items.end(), F), Items.end());
  }
  void clear() { Items.clear(); }
  bool empty() const { return Items.empty(); }
  size_t size() const { return Items.size(); }
  auto begin() { return Items.begin(); }
  auto end() { return Items.end(); }
  auto begin() const { return Items.begin(); }
  auto end() const { return Items.end(); }
  bool operator==(const FlatMap &O) const { return Items == O.Items; }

private:
  auto at(const K &Key) {
    return std::lower_bound(
        Items.begin(), Items.end(), Key,
        [](const Item &I, const K &Key) { return I.first < Key; });
  }
  llvm::SmallVector<Item, 4> Items;
};

/// What happens in the life of a structure.
enum class Event : uint8_t {
  Allocated,
  Initialised, ///< by the old model, or by vfio_init_device
  Registered,
  RegisterFailed, ///< the failing side of a register call
  Unregistered,
  Uninitialised,
  Put,
  Freed,
  CoreReleased, ///< vfio_pci_core_release_dev, where it does not free
  Tested,       ///< the pointer itself was compared, on the failing side
  PutByAction,  ///< a devm action was added that puts it
  UnregisteredByAction, ///< ... that may unregister it
  Count
};

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

/// The typestate of one structure (or block of memory) on one path.
struct Object {
  /// Bits of \c Flags.
  enum : uint16_t {
    Failed = 1 << 0,     ///< the allocation's failing side: there is no object
    NullTested = 1 << 1, ///< ... and it was tested against NULL
    ErrorTested = 1 << 11, ///< ... and it was tested by IS_ERR
    Assumed = 1 << 2,      ///< registered and referenced by another function
    Self = 1 << 3,         ///< the device of an @init or @release
    Kept = 1 << 4,       ///< something that outlives the function points to it
    InDrvdata = 1 << 5,  ///< ... namely the drvdata of a device
    DevmOwned = 1 << 6,  ///< a devm action of this TU ends its life
    Consulted = 1 << 7,  ///< the result of the failed call was looked at
    Reported = 1 << 8,   ///< a finding was made; say no more about it
    OldModel = 1 << 9,   ///< initialised by the old model
    InitDevice = 1 << 10 ///< initialised by vfio_init_device
  };
  uint16_t Flags = 0;
  const ApiFunction *Allocator = nullptr; ///< what it came from, when seen
  EntityId Result = 0; ///< of the failed call that Consulted speaks of
  /// Where each event happened on this path, null where it did not.
  std::array<const clang::Expr *, size_t(Event::Count)> Events{};
  /// Calls of functions that this TU does not define, with the object as an
  /// argument, since its last event.
  llvm::SmallVector<const clang::CallExpr *, 2> Outside;
  /// Branches of which not all ways have come together again.
  llvm::SmallVector<Telling, 2> Told;
  /// Branches on values that this walk has lost track of.
  llvm::SmallVector<std::pair<const clang::Expr *, EntityId>, 2> Guesses;

  bool has(uint16_t Flag) const { return Flags & Flag; }
  void set(uint16_t Flag) { Flags |= Flag; }
  void drop(uint16_t Flag) { Flags &= ~Flag; }
  const clang::Expr *at(Event E) const { return Events[size_t(E)]; }
  void happen(Event E, const clang::Expr *Where) { Events[size_t(E)] = Where; }
  /// Allocated on this path, so that all of its life was seen.
  bool isOurs() const { return at(Event::Allocated) && !has(Failed); }
  bool isRegistered() const {
    return (at(Event::Registered) || has(Assumed)) && !at(Event::Unregistered);
  }
  uint32_t eventMask() const;
};

/// A resource that a function took and has not given back.
struct Held {
  const ResourceRow *Row = nullptr;
  const clang::Expr *At = nullptr;
  bool operator==(const Held &O) const { return Row == O.Row; }
};

/// Everything that is known at one point of one path.
struct State {
  /// What was stored, by place.
  FlatMap<Place, Value> Store;
  /// Signs that branches have left; absent is EntityTable::initialSigns.
  FlatMap<EntityId, Signs> Known;
  FlatMap<EntityId, Object> Objects;
  /// Resources by kind and by the place that stands for them.
  FlatMap<std::pair<unsigned, Place>, Held> Resources;
  /// Resources that were given back without having been taken on this path.
  FlatMap<std::pair<unsigned, Place>, Held> GivenBack;
  /// Values of expressions that are needed further on.
  FlatMap<const clang::Expr *, Value> Values;
  /// Which way a `?:`, `&&` or `||` went.
  FlatMap<const clang::Expr *, bool> Choices;
  /// The value that the function is about to return.
  Value Return;
  const clang::ReturnStmt *ReturnedAt = nullptr;
  /// The branch that was taken last, for notes.
  const clang::Expr *LastBranch = nullptr;
  bool LastBranchTaken = false;
  /// Roles applied to objects that this walk cannot identify, as bits 1 <<
  /// Event: an obligation may have been met through another name.
  uint16_t Elsewhere = 0;

  Signs signs(EntityId Id, const EntityTable &T) const;
  /// The signs that \p V can have.
  Signs signs(const Value &V, const EntityTable &T) const;
  /// Learns that the sign of \p Id is in \p Only; false where that cannot be.
  bool restrict(EntityId Id, Signs Only, const EntityTable &T);
  /// Forgets all that was said of \p Id: it is about to mean something else, as
  /// the result of a call does each time round a loop.
  void retire(EntityId Id, const EntityTable &T);

  /// True where both say the same of every structure and resource, so that the
  /// rest may be merged.
  bool sameProperty(const State &O) const;
  /// Takes in what \p O knows, where both have the same property: a place whose
  /// values differ gets a value of its own for \p Where, with the signs of
  /// both.
  void merge(const State &O, const void *Where, EntityTable &T);
  bool operator==(const State &O) const;
};

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_SYMBOLICSTATE_H
