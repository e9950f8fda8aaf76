//===- ResourceTable.h - What is taken, and how it is given back ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The kernel's pairs of functions that take a resource and give it back. A new
// pair is two lines in ResourceTable.def. Memory is not here: ApiTable.def has
// the allocators.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_RESOURCETABLE_H
#define VFIO_CONTRACTS_RESOURCETABLE_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// How the result of a call that takes a resource tells that it was taken.
enum class Taken {
  Always,
  ZeroResult,    ///< int: 0 or a negative errno
  NotNegative,   ///< int: an id, or a negative errno
  TrueResult,    ///< bool
  NotNull,       ///< a pointer
  NotError,      ///< a pointer or an ERR_PTR
  CountResult,   ///< int: how many, at least one, or a negative errno
  NotErrorOrNull ///< a pointer, or one of the two
};

/// The kinds of resources, for messages.
enum class ResourceKind {
  Lock,
  Counter, ///< taken by any change of it, given back by another
  Id,
  Reference,
  Notifier,
  Interrupt,
  Mapping,
  Device,     ///< something of the bus device that was enabled or claimed
  CoreDevice, ///< what core enables, by rules of its own
  Page,
  Queue,
  Thread,
  Cache,  ///< of the slab's, made by the driver
  Power,  ///< a share of a runtime PM count
  Pin,    ///< pages of user space that are pinned
  Entry,  ///< membership in a list
  Work,   ///< armed: a work, a timer or the like that will run
  File,   ///< an entry in debugfs, sysfs, or an open file
  Object, ///< something made ready that has an end: a pool, an srcu_struct
  Memory, ///< of the allocators in ApiTable.def
};

/// True for what is an object of its own, which is freed when it is given back.
inline bool isOwnObject(ResourceKind Kind) {
  return Kind == ResourceKind::Queue || Kind == ResourceKind::Thread ||
         Kind == ResourceKind::Cache;
}

/// What some groups are of, besides their kind.
enum class GroupOf {
  Nothing,
  File,    ///< references to a file
  Process, ///< references to a process or its memory: its taker's, always
  Thread,  ///< a thread of the kernel's
  Works    ///< a queue for works
};

/// One function of a pair. Key is the argument whose value stands for the
/// resource in both functions, -1 for the result.
struct ResourceRow {
  llvm::StringRef Function;
  ResourceKind Kind;
  unsigned Group; ///< the same for all functions that belong together
  int Key;
  Taken When;
  bool Takes, Gives;
  /// Only for the pairs of callbacks beside \c init and \c release.
  bool OtherLives = false;
  bool Scoped = false; ///< given back by the end of the variable's scope
  bool Spins = false;  ///< a lock under which nothing may sleep
  /// The function that also waits for a work, or the like, that runs; empty
  /// where this one does, or there is none to wait for.
  llvm::StringRef Waiting = {};
  bool Shared = false; ///< a lock that several may hold at once
  /// Gives back only where this argument is NULL; -1 where there is no such.
  int OnlyNull = -1;
  /// Takes just one id where two arguments, the first one asked for and the
  /// last one, say so: that id is the first. -1 where there are none.
  int First = -1, Last = -1;
  bool Past = false; ///< the second is one past the last
  /// A function whose share it gives back as well, of the same thing.
  llvm::StringRef Also = {};
  bool Final = false; ///< what it stops cannot be armed again
  bool Fills = false; ///< leaves the address of what it takes at that argument
  /// Gives back what this argument is, and takes the next of the same kind; -1
  /// where there is no such.
  int From = -1;
  /// Takes this argument over where another, the flags, have this bit; -1 where
  /// there is none.
  int Over = -1, Flags = -1;
  uint64_t Bit = 0;
  GroupOf Of = GroupOf::Nothing; ///< of its group
  /// What it takes goes with what this argument is, where the driver has made
  /// that, or keeps a pointer to just it; -1 where there is no such.
  int Within = -1;
  bool WithinKept = false; ///< where it keeps a pointer, too
  /// The structure around what it is given goes with the last share of that.
  bool Around = false;
};

/// The row of \p Function, or null.
const ResourceRow *findResource(llvm::StringRef Function);

/// The same, those of the other lives included.
const ResourceRow *findHolding(llvm::StringRef Function);

/// What the group \p Group is of.
GroupOf groupIsOf(unsigned Group);

/// True where each function that takes something of \p Group returns it.
bool isTakenByResult(unsigned Group);

/// The group of memory, which has no rows here.
constexpr unsigned MemoryGroup = 0;

/// Whether a function may sleep.
enum class Sleeps {
  No,
  Yes,
  InProcess, ///< but not where an interrupt has called it
  ByFlags    ///< where its flags, the last argument, let it
};

/// Whether \p Function of the kernel may sleep, as far as the table knows.
Sleeps mayItSleep(llvm::StringRef Function);

/// The argument of \p Function that the kernel calls where nothing may sleep;
/// -1 where there is none.
int handlerOf(llvm::StringRef Function);

/// "the lock", "the reference" and the like.
llvm::StringRef describe(ResourceKind Kind);

} // namespace vfio

#endif // VFIO_CONTRACTS_RESOURCETABLE_H
