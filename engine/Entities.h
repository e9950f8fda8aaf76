//===- Entities.h - What has an identity on a path ------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_ENTITIES_H
#define ENGINE_ENTITIES_H

#include "engine/Value.h"
#include "clang/AST/Expr.h"
#include "clang/AST/OperationKinds.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Allocator.h"
#include <deque>
#include <map>
#include <set>
#include <vector>

namespace engine {

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
  /// Those that have this as a part, in their order; not what depends on
  /// everything.
  llvm::SmallVector<EntityId, 0> PartOf = {};
  unsigned Met = 0; ///< how often its origin was met
  /// It is new: nothing that was there before is the same.
  bool Made = false;
  /// How it comes from its first part and a number.
  enum class Form : uint8_t {
    Other,
    BitsSet,   ///< these bits are set
    BitsKept,  ///< all but these are cleared
    BitsMixed, ///< these are not known, all others are as they were
    Compared,  ///< negative, 0, positive as the part is less, equal, greater
    Ordered    ///< the same of two values
  } By = Form::Other;
  int64_t Num = 0; ///< the bits, the number, or the second of two values
  /// What has been made of this by BitsKept, Compared or Ordered: what is known
  /// of one tells of the others.
  llvm::SmallVector<EntityId, 0> Asked = {};
};

/// Which way a `?:`, `&&` or `||` went, and what went before. The nodes are the
/// table's, so that states share them.
struct Choice {
  const clang::Expr *By;
  bool Way;
  const Choice *Before;
};

/// All entities of one analysis. The same origin gives the same entity, so
/// that states can be compared.
class EntityTable {
public:
  /// What was taken stays so under no name, where its name is about to mean
  /// something else: the next round of a loop takes another.
  bool RemembersTaken = false;

  EntityTable() { add({Entity::Fresh, nullptr, {}, {}, {}, {}}); }

  /// Forgets all of them: another story begins, which asks for none of these.
  void clear() {
    bool Remembers = RemembersTaken;
    *this = EntityTable();
    RemembersTaken = Remembers;
  }

  EntityId variable(const clang::VarDecl *Var);
  EntityId function(const clang::FunctionDecl *F);
  EntityId loaded(Place P, clang::QualType Type);
  EntityId result(const clang::Stmt *Call, unsigned Context,
                  clang::QualType Type);
  EntityId pure(const clang::FunctionDecl *F, llvm::ArrayRef<Value> Args);
  EntityId derived(unsigned Opcode, const Value &L, const Value &R);
  /// The order of \p Id and \p N, as a sign.
  EntityId compared(EntityId Id, int64_t N) {
    return derived(clang::BO_Cmp, Value::ref(Id), Value::number(N));
  }
  /// The order of two values, the smaller entity first.
  EntityId ordered(EntityId A, EntityId B) {
    return derived(clang::BO_Cmp, Value::ref(std::min(A, B)),
                   Value::ref(std::max(A, B)));
  }
  /// What \p P holds where paths meet at \p Where that have left \p A and
  /// \p B there.
  EntityId joined(const void *Where, Place P, const Value &A, const Value &B);
  EntityId fresh(const void *Writer, unsigned Context, Place P);

  /// A choice for a state to remember.
  const Choice *choose(const clang::Expr *By, bool Way, const Choice *Before) {
    return &Choices.emplace_back(Choice{By, Way, Before});
  }

  const Entity &operator[](EntityId Id) const { return Entities[Id]; }
  /// Those of \p Ids that were met before, and what depends on these, in their
  /// order. Of what was met only once, just now, no state can speak.
  std::vector<EntityId> staleWith(llvm::ArrayRef<EntityId> Ids) const;
  /// Remembers what \p Id points to when a cast says it.
  void noteType(EntityId Id, clang::QualType Type);
  /// Remembers that the answer \p Id is about \p Subject.
  void noteSubject(EntityId Id, EntityId Subject);
  /// Remembers that \p Id, the result of a call, is something new.
  void noteMade(EntityId Id) { Entities[Id].Made = true; }
  /// Remembers that \p P was counted in.
  void noteCounted(Place P) { Counters.insert(P); }
  bool isCounter(Place P) const { return Counters.count(P); }
  /// Remembers that a number in \p P was compared with \p Bound: what will be
  /// counted to there, from that number, as well.
  void noteBound(Place P, const Value &Bound);
  /// What numbers in \p P, a counter, were compared with.
  llvm::ArrayRef<Value> boundsOf(Place P) const;
  /// True where \p A and \p B cannot be the same: one is new, and the other
  /// was there before, or is new as well.
  bool areDistinct(EntityId A, EntityId B) const;
  /// True where \p Id is the name of something only as long as \p On keeps its
  /// value: `a[i]`, `p->next`, `i & 1`.
  bool dependsOn(EntityId Id, EntityId On) const;
  /// True where \p Id was read from the structure \p From, but for its bits
  /// from \p Begin to \p End, or is the answer to a question about it.
  bool tellsOf(EntityId Id, EntityId From, int64_t Begin, int64_t End) const;
  /// The signs that \p Id can have when nothing was learnt on the path.
  Signs initialSigns(EntityId Id) const { return Briefs[Id].Initial; }
  /// How \p Id comes from its first part, and that.
  Entity::Form form(EntityId Id) const { return Briefs[Id].By; }
  EntityId firstPart(EntityId Id) const { return Briefs[Id].First; }
  /// The variable that \p Id is the memory of, or null.
  const clang::VarDecl *variableOf(EntityId Id) const;
  /// The function that \p Id is, or null.
  const clang::FunctionDecl *functionOf(EntityId Id) const;

private:
  using Key = llvm::SmallVector<uint64_t, 8>;
  /// What was made of \p K before, met once more; 0 where nothing was.
  EntityId again(const Key &K);
  EntityId intern(const Key &K, Entity E);
  void add(Entity E);
  EntityId mixed(const void *Where, Place P, EntityId Base, int64_t Bits);
  void addPart(Entity &E, EntityId Part) const;

  std::vector<Entity> Entities;
  /// What is asked of them most, close together.
  struct Brief {
    Entity::Form By;
    Signs Initial;
    EntityId First;
  };
  std::vector<Brief> Briefs;
  llvm::DenseMap<const clang::VarDecl *, EntityId> Variables;
  std::deque<Choice> Choices;
  std::set<Place> Counters; ///< what is counted in
  std::map<Place, llvm::SmallVector<Value, 2>> Bounds;
  std::vector<EntityId> OnEverything; ///< what depends on everything
  /// By the bytes of a key.
  llvm::StringMap<EntityId, llvm::BumpPtrAllocator> Known;
};

} // namespace engine

#endif // ENGINE_ENTITIES_H
