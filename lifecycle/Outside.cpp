//===- Outside.cpp - What functions of other files may do -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/Outside.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;

namespace vfio::flow {

static bool hasWordOf(llvm::StringRef Name, const llvm::StringSet<> &Words) {
  llvm::SmallVector<llvm::StringRef, 8> Parts;
  Name.split(Parts, '_', -1, false);
  return llvm::any_of(Parts,
                      [&](llvm::StringRef P) { return Words.contains(P); });
}

/// True where a word of \p Name speaks of the end of something.
static bool hintsAtAnEnd(llvm::StringRef Name) {
  static const llvm::StringSet<> Words = {
      "put",     "free",    "release", "destroy",    "remove",   "removed",
      "cleanup", "clean",   "fini",    "finish",     "exit",     "teardown",
      "del",     "delete",  "uninit",  "deinit",     "detach",   "drop",
      "kill",    "unwind",  "abort",   "rollback",   "unbind",   "undo",
      "dispose", "discard", "end",     "unregister", "shutdown", "down",
      "stop",    "close",   "quit",    "reap"};
  return hasWordOf(Name, Words);
}

/// True where a word of \p Name speaks of a place to keep something.
static bool hintsAtAPlace(llvm::StringRef Name) {
  static const llvm::StringSet<> Words = {
      "add",   "insert", "store", "enqueue", "queue", "push", "link",
      "track", "list",   "hlist", "attach",  "save",  "own",  "adopt"};
  return hasWordOf(Name, Words);
}

bool OutsideKnowledge::onlyLooks(const FunctionDecl *F) {
  if (!F->getIdentifier())
    return false;
  llvm::StringRef Name = F->getName();
  static const llvm::StringRef Prefixes[] = {
      "mem",        "str",        "_dev_",         "dev_err",
      "dev_warn",   "dev_info",   "dev_dbg",       "dev_pri",
      "pr_",        "printk",     "_printk",       "vprintk",
      "__dynamic",  "copy_",      "_copy_",        "__mutex_",
      "mutex_",     "spin_",      "_raw_spin",     "init_",
      "__init",     "INIT_",      "bitmap_",       "set_bit",
      "clear_bit",  "test_",      "atomic",        "refcount",
      "kref_init",  "get_random", "lockdep",       "lock_",
      "debug_",     "trace_",     "__trace",       "uuid",
      "guid",       "xa_init",    "idr_init",      "ida_init",
      "hash_init",  "sema_init",  "warn_",         "__warn",
      "sysfs_emit", "snprintf",   "sprintf",       "scnprintf",
      "vsnprintf",  "dev_name",   "dev_set_name",  "IS_",
      "PTR_",       "ERR_",       "__must_check",  "complete",
      "wait_for",   "might_",     "__might",       "dump_stack",
      "WARN",       "BUG",        "put_unaligned", "get_unaligned",
      "cpu_to"};
  return llvm::any_of(Prefixes,
                      [&](llvm::StringRef P) { return Name.starts_with(P); });
}

bool OutsideKnowledge::mayDo(const CallExpr *Call, Deed D) const {
  const FunctionDecl *F = Call->getDirectCallee();
  if (!F || !F->getIdentifier())
    return true; // through a pointer: anything
  if (onlyLooks(F) || Beliefs.contains({F->getCanonicalDecl(), unsigned(D)}))
    return false;
  return hintsAtAnEnd(F->getName()) ||
         (D == Deed::Keep && hintsAtAPlace(F->getName()));
}

} // namespace vfio::flow
