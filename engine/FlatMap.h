//===- FlatMap.h - A small sorted map -------------------------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_FLATMAP_H
#define ENGINE_FLATMAP_H

#include "llvm/ADT/SmallVector.h"
#include <algorithm>

namespace engine {

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

} // namespace engine

#endif // ENGINE_FLATMAP_H
