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
#include <algorithm>
#include <array>
#include <optional>

namespace engine {

/// That the sign of one thing is among these.
using Fact = std::pair<EntityId, Signs>;

/// At least one of some facts holds; each is of another entity.
class Clause {
public:
  /// What more ways meet in, nobody asks for.
  static constexpr size_t MostFacts = 4;

  bool operator<(const Clause &O) const {
    return std::lexicographical_compare(begin(), end(), O.begin(), O.end());
  }
  bool operator==(const Clause &O) const {
    return std::equal(begin(), end(), O.begin(), O.end());
  }
  const Fact *begin() const { return Facts.data(); }
  const Fact *end() const { return Facts.data() + Count; }
  size_t size() const { return Count; }

  /// This, or \p F; nothing where that says nothing, or too much. \p Initial
  /// are the signs that F's entity can have anyway.
  std::optional<Clause> orElse(Fact F, Signs Initial) const {
    const Fact *At = std::find_if(begin(), end(), [&](const Fact &Mine) {
      return Mine.first >= F.first;
    });
    bool Known = At != end() && At->first == F.first;
    if (Known)
      F.second |= At->second;
    if (!(Initial & ~F.second) || (!Known && Count == MostFacts))
      return std::nullopt;
    Clause Out = *this;
    Fact *Here = Out.Facts.data() + (At - begin());
    if (!Known) {
      Fact *End = Out.Facts.data() + Out.Count++;
      std::move_backward(Here, End, End + 1);
    }
    *Here = F;
    return Out;
  }

private:
  std::array<Fact, MostFacts> Facts; ///< by entity
  unsigned Count = 0;
};

} // namespace engine

#endif // ENGINE_CLAUSE_H
