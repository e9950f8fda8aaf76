//===- SharedRow.h - Items in a row that copies share ---------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_SHAREDROW_H
#define ENGINE_SHAREDROW_H

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace engine {

/// Items in a row, in one piece of memory with their number. Copies share them
/// until one of them changes. They are counted without locks, as a walk makes
/// millions of them: all copies are of one thread.
template <typename T> class SharedRow {
public:
  SharedRow() = default;
  SharedRow(const SharedRow &O) : Row(O.Row) {
    if (Row)
      ++Row->Owners;
  }
  SharedRow(SharedRow &&O) : Row(std::exchange(O.Row, nullptr)) {}
  SharedRow &operator=(SharedRow O) {
    std::swap(Row, O.Row);
    return *this;
  }
  ~SharedRow() { release(); }

  size_t size() const { return Row ? Row->Size : 0; }
  bool empty() const { return size() == 0; }
  const T *begin() const { return Row ? Row->items() : nullptr; }
  const T *end() const { return begin() + size(); }
  bool isShared(const SharedRow &O) const { return Row == O.Row; }

  /// The items, to be changed: nobody else has them any more.
  T *mine() {
    if (Row && Row->Owners > 1)
      take(copyOf(*this, Row->Size));
    return Row ? Row->items() : nullptr;
  }
  T &insert(size_t At, T Item) {
    size_t Size = size();
    if (!Row || Row->Owners > 1)
      take(copyOf(*this, roomFor(Size + 1)));
    else if (Size == Row->Room)
      take(moved(*Row, roomFor(Size + 1)));
    T *Items = Row->items();
    if (At == Size) {
      new (Items + Size) T(std::move(Item));
    } else {
      new (Items + Size) T(std::move(Items[Size - 1]));
      std::move_backward(Items + At, Items + Size - 1, Items + Size);
      Items[At] = std::move(Item);
    }
    ++Row->Size;
    return Items[At];
  }
  void erase(size_t At) {
    T *Items = mine();
    std::move(Items + At + 1, Items + size(), Items + At);
    shrink(size() - 1);
  }
  /// Drops all from the item \p Size on.
  void shrink(size_t Size) {
    T *Items = mine();
    std::destroy(Items + Size, Items + size());
    if (Row)
      Row->Size = Size;
  }

private:
  struct alignas(std::max_align_t) Head {
    unsigned Owners = 1, Size = 0;
    size_t Room;
    explicit Head(size_t Room) : Room(Room) {}
    T *items() { return reinterpret_cast<T *>(this + 1); }
  };

  static size_t roomFor(size_t Size) { return Size < 4 ? 4 : Size + Size / 2; }
  static Head *allocate(size_t Room) {
    return new (::operator new(sizeof(Head) + Room * sizeof(T))) Head(Room);
  }
  static Head *copyOf(const SharedRow &From, size_t Room) {
    Head *New = allocate(Room);
    std::uninitialized_copy(From.begin(), From.end(), New->items());
    New->Size = From.size();
    return New;
  }
  static Head *moved(Head &From, size_t Room) {
    Head *New = allocate(Room);
    std::uninitialized_move_n(From.items(), From.Size, New->items());
    New->Size = From.Size;
    return New;
  }
  void release() {
    if (!Row || --Row->Owners)
      return;
    std::destroy_n(Row->items(), Row->Size);
    ::operator delete(Row);
  }
  void take(Head *New) {
    release();
    Row = New;
  }

  static_assert(alignof(T) <= alignof(std::max_align_t));
  Head *Row = nullptr;
};

} // namespace engine

#endif // ENGINE_SHAREDROW_H
