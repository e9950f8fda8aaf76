//===- FlatMap.h - A sorted map that is cheap to copy ---------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_FLATMAP_H
#define ENGINE_FLATMAP_H

#include "engine/SharedRow.h"
#include "llvm/ADT/iterator_range.h"
#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

namespace engine {

/// A sorted map. Copies share what they hold until one of them changes, and
/// then all but the run of items that changed: so a state is cheap to copy at a
/// branch, and cheap to change, however much it knows. Copies of one map are of
/// one thread. A pointer that find() or change() gave, and iterators, are of
/// use until the map is copied or changed.
template <typename K, typename V> class FlatMap {
public:
  using Item = std::pair<K, V>;

private:
  using Run = SharedRow<Item>; ///< not empty, at most MaxRun
  using Runs = SharedRow<Run>;
  static constexpr size_t MaxRun = 64;

  template <bool Const> class Iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using reference = std::conditional_t<Const, const Item &, Item &>;
    using pointer = std::conditional_t<Const, const Item *, Item *>;

    Iterator() = default;
    reference operator*() const {
      if constexpr (Const)
        return In->begin()[At];
      else
        return In->mine()[At];
    }
    pointer operator->() const { return &**this; }
    Iterator &operator++() {
      if (++At == In->size()) {
        ++In;
        At = 0;
      }
      return *this;
    }
    Iterator operator++(int) {
      Iterator Old = *this;
      ++*this;
      return Old;
    }
    bool operator==(const Iterator &O) const {
      return In == O.In && At == O.At;
    }
    bool operator!=(const Iterator &O) const { return !(*this == O); }

  private:
    friend class FlatMap;
    using Place = std::conditional_t<Const, const Run *, Run *>;
    Iterator(Place In, size_t At) : In(In), At(At) {}
    Place In = nullptr;
    size_t At = 0;
  };

public:
  using iterator = Iterator<false>;
  using const_iterator = Iterator<true>;

  const V *find(const K &Key) const {
    const_iterator It = at(Key);
    return It != end() && It->first == Key ? &It->second : nullptr;
  }
  /// The same, to be changed by this map alone.
  V *change(const K &Key) {
    const_iterator It = at(Key);
    if (It == end() || !(It->first == Key))
      return nullptr;
    size_t Index = It.In - Data.begin();
    return &Data.mine()[Index].mine()[It.At].second;
  }
  V &operator[](const K &Key) {
    if (V *Found = change(Key))
      return *Found;
    return insert(Key);
  }
  void erase(const K &Key) {
    const_iterator It = at(Key);
    if (It == end() || !(It->first == Key))
      return;
    size_t Index = It.In - Data.begin();
    Run &Mine = Data.mine()[Index];
    Mine.erase(It.At);
    --Count;
    if (Mine.empty())
      Data.erase(Index);
  }
  template <typename Fn> void eraseIf(Fn F) {
    for (size_t Index = Data.size(); Index-- > 0;)
      eraseIn(Index, F);
  }
  /// The same, where no key before \p First or behind \p Last is to go.
  template <typename Fn>
  void eraseBetween(const K &First, const K &Last, Fn F) {
    size_t Begin = at(First).In - Data.begin();
    for (size_t Index = Data.size(); Index-- > Begin;)
      if (!(Last < Data.begin()[Index].begin()->first))
        eraseIn(Index, F);
  }
  /// Calls \p F with each key that this and \p O have different values for, and
  /// with the values; null where there is none. In the order of the keys, until
  /// \p F returns false.
  template <typename Fn> void forEachDifference(const FlatMap &O, Fn F) const {
    const_iterator A = begin(), B = O.begin();
    while (A != end() || B != O.end()) {
      if (A != end() && B != O.end() && !A.At && !B.At &&
          A.In->isShared(*B.In)) {
        ++A.In; // the same run in both
        ++B.In;
        continue;
      }
      bool OnlyA = B == O.end() || (A != end() && A->first < B->first);
      bool OnlyB = !OnlyA && (A == end() || B->first < A->first);
      if ((OnlyA || OnlyB || !(A->second == B->second)) &&
          !F((OnlyB ? B : A)->first, OnlyB ? nullptr : &A->second,
             OnlyA ? nullptr : &B->second))
        return;
      if (!OnlyB)
        ++A;
      if (!OnlyA)
        ++B;
    }
  }
  void clear() {
    Data = Runs();
    Count = 0;
  }
  bool empty() const { return Count == 0; }
  size_t size() const { return Count; }
  const_iterator begin() const { return {Data.begin(), 0}; }
  const_iterator end() const { return {Data.end(), 0}; }
  /// All items, to be changed by this map alone.
  llvm::iterator_range<iterator> items() {
    Run *First = Data.mine();
    return {iterator(First, 0), iterator(First + Data.size(), 0)};
  }
  /// True where both are copies of each other, and none has changed since.
  bool isShared(const FlatMap &O) const { return Data.isShared(O.Data); }
  bool operator==(const FlatMap &O) const {
    if (isShared(O))
      return true;
    if (size() != O.size())
      return false;
    // Most have one run.
    if (Data.size() == 1 && O.Data.size() == 1)
      return Data.begin()->isShared(*O.Data.begin()) ||
             std::equal(Data.begin()->begin(), Data.begin()->end(),
                        O.Data.begin()->begin());
    bool Same = true;
    forEachDifference(O, [&](const auto &...) { return Same = false; });
    return Same;
  }

private:
  /// The first item that is not before \p Key.
  const_iterator at(const K &Key) const {
    const Run *In = std::lower_bound(
        Data.begin(), Data.end(), Key,
        [](const Run &R, const K &Key) { return R.end()[-1].first < Key; });
    return {In, In == Data.end() ? 0 : placeIn(*In, Key)};
  }

  static size_t placeIn(const Run &R, const K &Key) {
    return std::lower_bound(
               R.begin(), R.end(), Key,
               [](const Item &I, const K &Key) { return I.first < Key; }) -
           R.begin();
  }

  template <typename Fn> void eraseIn(size_t Index, Fn F) {
    const Run &Shared = Data.begin()[Index];
    if (std::none_of(Shared.begin(), Shared.end(), F))
      return;
    Run &Mine = Data.mine()[Index];
    Count -= Mine.size();
    Item *Begin = Mine.mine(), *End = Begin + Mine.size();
    Mine.shrink(std::remove_if(Begin, End, F) - Begin);
    Count += Mine.size();
    if (Mine.empty())
      Data.erase(Index);
  }

  /// Adds \p Key, which is not there.
  V &insert(const K &Key) {
    if (empty())
      Data.insert(0, Run());
    // Behind all others, it goes into the last run.
    size_t Index =
        Count ? std::min<size_t>(at(Key).In - Data.begin(), Data.size() - 1)
              : 0;
    ++Count;
    if (Data.begin()[Index].size() == MaxRun) {
      Run Rest;
      Run &Full = Data.mine()[Index];
      Item *Items = Full.mine();
      for (size_t I = MaxRun / 2; I < MaxRun; ++I)
        Rest.insert(Rest.size(), std::move(Items[I]));
      Full.shrink(MaxRun / 2);
      bool Behind = Full.end()[-1].first < Key;
      Data.insert(Index + 1, std::move(Rest));
      Index += Behind;
    }
    Run &Mine = Data.mine()[Index];
    size_t At = placeIn(Mine, Key);
    return Mine.insert(At, Item(Key, V())).second;
  }

  Runs Data;
  size_t Count = 0;
};

} // namespace engine

#endif // ENGINE_FLATMAP_H
