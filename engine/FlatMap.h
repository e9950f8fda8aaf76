//===- FlatMap.h - A sorted map that is cheap to copy ---------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_FLATMAP_H
#define ENGINE_FLATMAP_H

#include <algorithm>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace engine {

/// A sorted map. Copies share what they hold until one of them changes, and
/// then all but the run of items that changed: so a state is cheap to copy at a
/// branch, and cheap to change, however much it knows. A pointer that find()
/// gave, and the iterators of what is not const, are of use until the map is
/// copied or changed.
template <typename K, typename V> class FlatMap {
public:
  using Item = std::pair<K, V>;

private:
  using Run = std::vector<Item>; ///< not empty, at most MaxRun
  using Runs = std::vector<std::shared_ptr<Run>>;
  static constexpr size_t MaxRun = 64;

  template <bool Const> class Iterator {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using reference = std::conditional_t<Const, const Item &, Item &>;
    using pointer = std::conditional_t<Const, const Item *, Item *>;

    Iterator() = default;
    reference operator*() const { return (**In)[At]; }
    pointer operator->() const { return &**this; }
    Iterator &operator++() {
      if (++At == (*In)->size()) {
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
    Iterator(const std::shared_ptr<Run> *In, size_t At) : In(In), At(At) {}
    const std::shared_ptr<Run> *In = nullptr;
    size_t At = 0;
  };

public:
  using iterator = Iterator<false>;
  using const_iterator = Iterator<true>;

  const V *find(const K &Key) const {
    const_iterator It = at(Key);
    return It != end() && It->first == Key ? &It->second : nullptr;
  }
  V *find(const K &Key) {
    const_iterator It = std::as_const(*this).at(Key);
    if (It == std::as_const(*this).end() || !(It->first == Key))
      return nullptr;
    return &own(It)[It.At].second;
  }
  V &operator[](const K &Key) {
    if (V *Found = find(Key))
      return *Found;
    return insert(Key);
  }
  void erase(const K &Key) {
    const_iterator It = at(Key);
    if (It == std::as_const(*this).end() || !(It->first == Key))
      return;
    size_t Index = It.In - runs();
    Run &Mine = own(It);
    Mine.erase(Mine.begin() + It.At);
    --Count;
    if (Mine.empty())
      Data->erase(Data->begin() + Index);
  }
  template <typename Fn> void eraseIf(Fn F) {
    for (size_t Index = numRuns(); Index-- > 0;) {
      const Run &Shared = **(runs() + Index);
      if (std::none_of(Shared.begin(), Shared.end(), F))
        continue;
      Run &Mine = own({runs() + Index, 0});
      Count -= Mine.size();
      Mine.erase(std::remove_if(Mine.begin(), Mine.end(), F), Mine.end());
      Count += Mine.size();
      if (Mine.empty())
        Data->erase(Data->begin() + Index);
    }
  }
  /// Calls \p F with each key that this and \p O have different values for, and
  /// with the values; null where there is none. In the order of the keys, until
  /// \p F returns false.
  template <typename Fn> void forEachDifference(const FlatMap &O, Fn F) const {
    const_iterator A = begin(), B = O.begin();
    while (A != end() || B != O.end()) {
      if (A != end() && B != O.end() && !A.At && !B.At && *A.In == *B.In) {
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
    Data.reset();
    Count = 0;
  }
  bool empty() const { return Count == 0; }
  size_t size() const { return Count; }
  iterator begin() {
    for (size_t Index = 0; Index < numRuns(); ++Index)
      own({runs() + Index, 0});
    return {runs(), 0};
  }
  iterator end() {
    begin();
    return {runs() + numRuns(), 0};
  }
  const_iterator begin() const { return {runs(), 0}; }
  const_iterator end() const { return {runs() + numRuns(), 0}; }
  /// True where both are copies of each other, and none has changed since.
  bool isShared(const FlatMap &O) const { return Data == O.Data; }
  bool operator==(const FlatMap &O) const {
    if (isShared(O))
      return true;
    if (size() != O.size())
      return false;
    bool Same = true;
    forEachDifference(O, [&](const auto &...) { return Same = false; });
    return Same;
  }

private:
  const std::shared_ptr<Run> *runs() const {
    return Data ? Data->data() : nullptr;
  }
  size_t numRuns() const { return Data ? Data->size() : 0; }

  /// The first item that is not before \p Key.
  const_iterator at(const K &Key) const {
    auto In = std::lower_bound(runs(), runs() + numRuns(), Key,
                               [](const std::shared_ptr<Run> &R, const K &Key) {
                                 return R->back().first < Key;
                               });
    if (In == runs() + numRuns())
      return end();
    auto It = std::lower_bound(
        (*In)->begin(), (*In)->end(), Key,
        [](const Item &I, const K &Key) { return I.first < Key; });
    return {In, size_t(It - (*In)->begin())};
  }

  /// The run that \p It, of this map, is in, shared with nobody; \p It stands
  /// at the same item then.
  Run &own(const_iterator It) {
    size_t Index = It.In - runs();
    if (Data.use_count() > 1)
      Data = std::make_shared<Runs>(*Data);
    std::shared_ptr<Run> &R = (*Data)[Index];
    if (R.use_count() > 1)
      R = std::make_shared<Run>(*R);
    return *R;
  }

  /// Adds \p Key, which is not there.
  V &insert(const K &Key) {
    if (empty())
      Data = std::make_shared<Runs>(1, std::make_shared<Run>());
    // Behind all others, it goes into the last run.
    size_t Index =
        Count ? std::min<size_t>(at(Key).In - runs(), numRuns() - 1) : 0;
    ++Count;
    Run *Mine = &own({runs() + Index, 0});
    if (Mine->size() == MaxRun) {
      auto Half = Mine->begin() + MaxRun / 2;
      auto Rest = std::make_shared<Run>(Half, Mine->end());
      Mine->erase(Half, Mine->end());
      Data->insert(Data->begin() + Index + 1, Rest);
      if (Mine->back().first < Key)
        Mine = Rest.get();
    }
    auto It = std::lower_bound(
        Mine->begin(), Mine->end(), Key,
        [](const Item &I, const K &Key) { return I.first < Key; });
    return Mine->insert(It, {Key, V()})->second;
  }

  std::shared_ptr<Runs> Data;
  size_t Count = 0;
};

} // namespace engine

#endif // ENGINE_FLATMAP_H
