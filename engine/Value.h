//===- Value.h - Places and what they hold --------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Unknown is a value like any other, and starts no warning.
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_VALUE_H
#define ENGINE_VALUE_H

#include <cstdint>
#include <tuple>

namespace engine {

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

/// Which of an entity's places an offset counts in: its memory, or what a
/// client keeps with it besides. The numbers from FirstOfClient on are the
/// client's.
enum class Space : uint8_t { Memory, FirstOfClient };

/// A place: an entity and an offset in bits, in one of its spaces.
struct Place {
  EntityId Id = 0;
  int64_t Offset = 0;
  Space In = Space::Memory;
  auto key() const { return std::make_tuple(Id, In, Offset); }
  bool operator<(const Place &O) const { return key() < O.key(); }
  bool operator==(const Place &O) const { return key() == O.key(); }
  bool isMemory() const { return In == Space::Memory; }
};

/// A symbolic value.
struct Value {
  enum Kind : uint8_t {
    Unknown,
    Number,   ///< Num
    Ref,      ///< Id plus Num bits; for an integer, Id's value itself
    Condition ///< true where Id's sign is in True, false where in False
  };
  /// What is asked of Id beside its sign, with Num: `Id == Num` and so on.
  enum Question : uint8_t { NoMore, Is, IsNot, AtLeast, Below };
  Kind K = Unknown;
  Signs True = 0, False = 0;
  Question Asks = NoMore; ///< Condition: of its true side
  EntityId Id = 0;
  int64_t Num = 0;

  static Value number(int64_t N) { return {Number, 0, 0, NoMore, 0, N}; }
  static Value ref(EntityId Id, int64_t Offset = 0) {
    return {Ref, 0, 0, NoMore, Id, Offset};
  }
  static Value condition(EntityId Id, Signs True, Signs False,
                         Question Asks = NoMore, int64_t N = 0) {
    return {Condition, True, False, Asks, Id, N};
  }
  bool isUnknown() const { return K == Unknown; }
  bool isNumber() const { return K == Number; }
  bool isRef() const { return K == Ref; }
  auto key() const { return std::make_tuple(K, True, False, Asks, Id, Num); }
  bool operator==(const Value &O) const { return key() == O.key(); }
  bool operator<(const Value &O) const { return key() < O.key(); }
};

} // namespace engine

#endif // ENGINE_VALUE_H
