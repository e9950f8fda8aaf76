//===- ClauseJoin.h - What outlives the meeting of two paths --------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_CLAUSEJOIN_H
#define ENGINE_CLAUSEJOIN_H

#include "engine/State.h"

namespace engine {

/// What two paths that meet knew between them, as clauses. What they know alike
/// they go on knowing without.
class ClauseJoin {
public:
  /// \p Stale, sorted, are those that will mean the values in which \p A and
  /// \p B differ, and what depends on them; as far as they were met before.
  ClauseJoin(const State &A, const State &B, EntityTable &T,
             llvm::ArrayRef<EntityId> Stale);
  /// \p Id, which will mean such a value, means \p OfA on the first path and \p
  /// OfB on the second. Where \p Chosen, it has few values, and which one it is
  /// matters.
  void addValues(EntityId Id, const Value &OfA, const Value &OfB, bool Chosen);
  FlatMap<Clause, std::monostate> clauses();

private:
  /// Tells of most entities that they are not among some.
  class Sieve {
  public:
    void add(EntityId Id) { Bits[Id / 64 % 4] |= uint64_t(1) << (Id % 64); }
    bool mayHave(EntityId Id) const {
      return Bits[Id / 64 % 4] >> (Id % 64) & 1;
    }

  private:
    std::array<uint64_t, 4> Bits = {};
  };
  struct Side {
    const State &S;
    llvm::SmallVector<Fact, 6> Facts = {}; ///< that the other does not know
    llvm::SmallVector<Clause, 2> Own = {}; ///< from what joined values mean
    llvm::SmallVector<std::pair<EntityId, Value>, 4> Values = {};
    /// Of those, what is named and what is meant: most clauses are about
    /// neither.
    Sieve Named = {}, Meant = {};
  };
  EntityId nameFor(const Side &On, EntityId Id) const;
  /// True where no more clauses are remembered.
  bool isFull() const { return Out.size() >= State::MostClauses; }

  std::optional<Clause> renamed(const Side &On, const Clause &C) const;
  void addFact(unsigned Of, Fact F);
  void addFacts(EntityId Id, Signs OfA, Signs OfB);
  bool isStale(EntityId Id) const;
  /// The clauses of \p On that it can tell, in their order.
  llvm::SmallVector<const Clause *, State::MostClauses>
  toldBy(const Side &On) const;
  const Value *valueOn(const Side &On, EntityId Id) const;
  Signs signsOn(const Side &On, EntityId Id) const;
  bool canTell(const Side &On, const Clause &C) const;
  bool followsOn(const Side &On, const Clause &C) const;
  void keep(const Clause &C);
  void add(const Clause &C, Fact OrElse);

  Side Sides[2];
  EntityTable &T;
  llvm::ArrayRef<EntityId> Stale;
  Sieve StaleIds;
  llvm::SmallVector<Clause, State::MostClauses> Out; ///< sorted
};

} // namespace engine

#endif // ENGINE_CLAUSEJOIN_H
