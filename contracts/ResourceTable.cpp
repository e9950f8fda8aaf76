//===- ResourceTable.cpp - Looking pairs up -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/ResourceTable.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

static llvm::StringMap<ResourceRow> makeTable() {
  llvm::StringMap<ResourceRow> Table;
  unsigned Group = 0;
  ResourceKind Kind{};
#define ROW(FUNCTION, KEY, WHEN, TAKES, GIVES)                                 \
  Table[#FUNCTION] = {#FUNCTION, Kind, Group, KEY, Taken::WHEN, TAKES, GIVES};
#define GROUP(KIND) ++Group, Kind = ResourceKind::KIND;
#define TAKE(FUNCTION, KEY, WHEN) ROW(FUNCTION, KEY, WHEN, true, false)
#define GIVE(FUNCTION, KEY) ROW(FUNCTION, KEY, Always, false, true)
#define CHANGE(FUNCTION, KEY, WHEN) ROW(FUNCTION, KEY, WHEN, true, true)
#include "contracts/ResourceTable.def"
#undef ROW
  return Table;
}

const ResourceRow *findResource(llvm::StringRef Function) {
  static const llvm::StringMap<ResourceRow> Table = makeTable();
  auto It = Table.find(Function);
  return It == Table.end() ? nullptr : &It->second;
}

llvm::StringRef describe(ResourceKind Kind) {
  switch (Kind) {
  case ResourceKind::Lock:
    return "the lock";
  case ResourceKind::Counter:
    return "the share of the counter";
  case ResourceKind::Id:
    return "the id";
  case ResourceKind::Reference:
    return "the reference";
  case ResourceKind::Notifier:
    return "the notifier";
  case ResourceKind::Interrupt:
    return "the interrupt";
  case ResourceKind::Mapping:
    return "the mapping";
  case ResourceKind::Device:
    return "the state of the bus device";
  case ResourceKind::Page:
    return "the pages";
  case ResourceKind::Queue:
    return "the work queue";
  case ResourceKind::Own:
    return "the state";
  }
  return "the resource";
}

} // namespace vfio
