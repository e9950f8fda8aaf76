//===- ResourceTable.cpp - Looking pairs up -------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/ResourceTable.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

static llvm::StringMap<ResourceRow> makeTable() {
  llvm::StringMap<ResourceRow> Table;
  unsigned Group = 0;
  ResourceKind Kind{};
  bool OtherLives = false, Spins = false, Shared = false;
  GroupOf Of{};
#define ROW(FUNCTION, KEY, WHEN, TAKES, GIVES)                                 \
  Table[#FUNCTION] = {                                                         \
      #FUNCTION, Kind,       Group, KEY,   Taken::WHEN, TAKES,                 \
      GIVES,     OtherLives, false, Spins, {},          Shared};               \
  Table[#FUNCTION].Of = Of;
#define GROUP(KIND)                                                            \
  ++Group, Kind = ResourceKind::KIND, Spins = Shared = false,                  \
           Of = GroupOf::Nothing;
#define OF(WHAT) Of = GroupOf::WHAT;
#define SPINS Spins = true;
#define SHARES Shared = true;
#define TAKE(FUNCTION, KEY, WHEN) ROW(FUNCTION, KEY, WHEN, true, false)
#define TAKE_LATER(FUNCTION, KEY, WHEN)                                        \
  TAKE(FUNCTION, KEY, WHEN)                                                    \
  Table[#FUNCTION].OtherLives = true;
#define SCOPED(FUNCTION, KEY)                                                  \
  ROW(FUNCTION, KEY, Always, true, false)                                      \
  Table[#FUNCTION].Scoped = true;
#define GIVE(FUNCTION, KEY) ROW(FUNCTION, KEY, Always, false, true)
#define GIVE_LATER(FUNCTION, KEY)                                              \
  GIVE(FUNCTION, KEY)                                                          \
  Table[#FUNCTION].OtherLives = true;
#define GIVE_NULL(FUNCTION, KEY, ENTRY)                                        \
  GIVE_LATER(FUNCTION, KEY)                                                    \
  Table[#FUNCTION].OnlyNull = ENTRY;
#define TAKE_ONE(FUNCTION, FIRST, LAST)                                        \
  TAKE(FUNCTION, -1, NotNegative)                                              \
  Table[#FUNCTION].First = FIRST;                                              \
  Table[#FUNCTION].Last = LAST;
#define TAKE_ONE_BEFORE(FUNCTION, FIRST, END)                                  \
  TAKE_ONE(FUNCTION, FIRST, END)                                               \
  Table[#FUNCTION].Past = true;
#define TAKE_NEXT(FUNCTION, FROM)                                              \
  TAKE_LATER(FUNCTION, -1, NotNull)                                            \
  Table[#FUNCTION].From = FROM;
#define GIVE_NOW(FUNCTION, KEY, WAITING)                                       \
  GIVE(FUNCTION, KEY)                                                          \
  Table[#FUNCTION].Waiting = #WAITING;
#define GIVE_BOTH(FUNCTION, KEY, OTHER)                                        \
  GIVE(FUNCTION, KEY)                                                          \
  Table[#FUNCTION].Also = #OTHER;
#define OVER(FUNCTION, ARGUMENT, FLAGS, BIT)                                   \
  Table[#FUNCTION].Over = ARGUMENT;                                            \
  Table[#FUNCTION].Flags = FLAGS;                                              \
  Table[#FUNCTION].Bit = BIT;
#define WITHIN(FUNCTION, ARGUMENT) Table[#FUNCTION].Within = ARGUMENT;
#define WITHIN_KEPT(FUNCTION, ARGUMENT)                                        \
  WITHIN(FUNCTION, ARGUMENT)                                                   \
  Table[#FUNCTION].WithinKept = true;
#define AROUND(FUNCTION) Table[#FUNCTION].Around = true;
#define FILLS(FUNCTION) Table[#FUNCTION].Fills = true;
#define FINAL(FUNCTION) Table[#FUNCTION].Final = true;
#define CHANGE(FUNCTION, KEY, WHEN) ROW(FUNCTION, KEY, WHEN, true, true)
#define OTHER_LIVES OtherLives = true;
#include "contracts/ResourceTable.def"
#undef ROW
  return Table;
}

static const llvm::StringMap<ResourceRow> &table() {
  static const llvm::StringMap<ResourceRow> Table = makeTable();
  return Table;
}

const ResourceRow *findHolding(llvm::StringRef Function) {
  auto It = table().find(Function);
  return It == table().end() ? nullptr : &It->second;
}

GroupOf groupIsOf(unsigned Group) {
  static const llvm::DenseMap<unsigned, GroupOf> Groups = [] {
    llvm::DenseMap<unsigned, GroupOf> Out;
    for (const auto &Entry : table())
      Out[Entry.second.Group] = Entry.second.Of;
    return Out;
  }();
  return Groups.lookup(Group);
}

bool isTakenByResult(unsigned Group) {
  static const llvm::DenseSet<unsigned> ByArgument = [] {
    llvm::DenseSet<unsigned> Groups;
    for (const auto &Entry : table())
      if (Entry.second.Takes && Entry.second.Key >= 0)
        Groups.insert(Entry.second.Group);
    return Groups;
  }();
  return !ByArgument.contains(Group);
}

const ResourceRow *findResource(llvm::StringRef Function) {
  const ResourceRow *Row = findHolding(Function);
  return Row && !Row->OtherLives ? Row : nullptr;
}

Sleeps mayItSleep(llvm::StringRef Function) {
  static const llvm::StringMap<Sleeps> Table = {
// Since 6.10 `kmalloc` is a macro that calls `kmalloc_noprof`, and that one, in
// 7.2, that calls `_kmalloc_noprof`.
#define SLEEPS(FUNCTION, HOW)                                                  \
  {#FUNCTION, Sleeps::HOW}, {#FUNCTION "_noprof", Sleeps::HOW},                \
      {"_" #FUNCTION "_noprof", Sleeps::HOW},
#include "contracts/Sleepers.def"
  };
  return Table.lookup(Function);
}

int handlerOf(llvm::StringRef Function) {
  static const llvm::StringMap<int> Table = {
#define HANDLER(FUNCTION, ARGUMENT) {#FUNCTION, ARGUMENT},
#include "contracts/Handlers.def"
  };
  auto It = Table.find(Function);
  return It == Table.end() ? -1 : It->second;
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
  case ResourceKind::CoreDevice:
    return "the state of the bus device";
  case ResourceKind::Page:
    return "the pages";
  case ResourceKind::Queue:
    return "the work queue";
  case ResourceKind::Thread:
    return "the thread";
  case ResourceKind::Cache:
    return "the cache";
  case ResourceKind::Power:
    return "the runtime PM count";
  case ResourceKind::Pin:
    return "the pin of pages";
  case ResourceKind::Entry:
    return "the place in the list";
  case ResourceKind::Work:
    return "the work";
  case ResourceKind::File:
    return "the file";
  case ResourceKind::Object:
    return "the object";
  case ResourceKind::Memory:
    return "the memory";
  }
  return "the resource";
}

} // namespace vfio
