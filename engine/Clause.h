//===- Clause.h - One of these is so --------------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What paths knew each for itself is lost where they meet, but for one thing:
// that one of them was taken. `if (a || b)` leaves behind it that a or b.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_CLAUSE_H
#define ENGINE_CLAUSE_H

#include "engine/Value.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace engine {

/// That the sign of one thing is among these.
using Fact = std::pair<EntityId, Signs>;

/// At least one of some facts holds; each is of another entity.
class Clause {
public:
  /// What more ways meet in, nobody asks for.
  static constexpr size_t MostFacts = 4;

  bool operator<(const Clause &O) const { return Facts < O.Facts; }
  bool operator==(const Clause &O) const { return Facts == O.Facts; }
  auto begin() const { return Facts.begin(); }
  auto end() const { return Facts.end(); }
  size_t size() const { return Facts.size(); }

  /// This, or \p F; nothing where that says nothing, or too much. \p Initial
  /// are the signs that F's entity can have anyway.
  std::optional<Clause> orElse(Fact F, Signs Initial) const {
    Clause Out = *this;
    auto At =
        llvm::lower_bound(Out.Facts, F.first, [](const Fact &A, EntityId Id) {
          return A.first < Id;
        });
    if (At != Out.Facts.end() && At->first == F.first) {
      At->second |= F.second;
      F.second = At->second;
    } else {
      Out.Facts.insert(At, F);
    }
    if (!(Initial & ~F.second) || Out.Facts.size() > MostFacts)
      return std::nullopt;
    return Out;
  }

private:
  llvm::SmallVector<Fact, MostFacts> Facts; ///< by entity
};

} // namespace engine

#endif // ENGINE_CLAUSE_H
