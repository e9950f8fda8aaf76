//===- FlatMap.h - A small sorted map -------------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_FLATMAP_H
#define ENGINE_FLATMAP_H

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace engine {

/// A small sorted map. Copies share what they hold until one of them changes:
/// so a state is cheap to copy at a branch. A pointer that find() gave, and the
/// iterators of what is not const, are of use until the map is copied.
template <typename K, typename V> class FlatMap {
public:
  using Item = std::pair<K, V>;

  const V *find(const K &Key) const {
    const Item *It = at(Key);
    return It != end() && It->first == Key ? &It->second : nullptr;
  }
  V *find(const K &Key) {
    const V *Found = std::as_const(*this).find(Key);
    if (!Found)
      return nullptr;
    size_t Index = at(Key) - first();
    return &own()[Index].second;
  }
  V &operator[](const K &Key) {
    size_t Index = at(Key) - first();
    Items &Mine = own();
    auto It = Mine.begin() + Index;
    if (It == Mine.end() || !(It->first == Key))
      It = Mine.insert(It, {Key, V()});
    return It->second;
  }
  void erase(const K &Key) {
    if (!std::as_const(*this).find(Key))
      return;
    size_t Index = at(Key) - first();
    Items &Mine = own();
    Mine.erase(Mine.begin() + Index);
  }
  template <typename Fn> void eraseIf(Fn F) {
    const FlatMap &Shared = *this;
    if (std::none_of(Shared.begin(), Shared.end(), F))
      return;
    Items &Mine = own();
    Mine.erase(std::remove_if(Mine.begin(), Mine.end(), F), Mine.end());
  }
  void clear() { Data.reset(); }
  bool empty() const { return size() == 0; }
  size_t size() const { return Data ? Data->size() : 0; }
  auto begin() { return own().begin(); }
  auto end() { return own().end(); }
  const Item *begin() const { return first(); }
  const Item *end() const { return first() + size(); }
  /// True where both are copies of each other, and none has changed since.
  bool isShared(const FlatMap &O) const { return Data == O.Data; }
  bool operator==(const FlatMap &O) const {
    return isShared(O) ||
           (size() == O.size() && std::equal(begin(), end(), O.begin()));
  }

private:
  using Items = std::vector<Item>;

  const Item *first() const { return Data ? Data->data() : nullptr; }
  const Item *at(const K &Key) const {
    return std::lower_bound(
        begin(), end(), Key,
        [](const Item &I, const K &Key) { return I.first < Key; });
  }
  /// The items, shared with nobody.
  Items &own() {
    if (!Data)
      Data = std::make_shared<Items>();
    else if (Data.use_count() > 1)
      Data = std::make_shared<Items>(*Data);
    return *Data;
  }

  std::shared_ptr<Items> Data;
};

} // namespace engine

#endif // ENGINE_FLATMAP_H
