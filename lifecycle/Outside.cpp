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

using Words = llvm::StringSet<>;

static llvm::SmallVector<llvm::StringRef, 8> wordsOf(llvm::StringRef Name) {
  llvm::SmallVector<llvm::StringRef, 8> Parts;
  Name.split(Parts, '_', -1, false);
  return Parts;
}

/// Words that speak of the end of something.
static const Words &ends() {
  static const Words Ends = {
      "put",     "free",    "release", "destroy",    "remove",   "removed",
      "cleanup", "clean",   "fini",    "finish",     "exit",     "teardown",
      "del",     "delete",  "uninit",  "deinit",     "detach",   "drop",
      "kill",    "unwind",  "abort",   "rollback",   "unbind",   "undo",
      "dispose", "discard", "end",     "unregister", "shutdown", "down",
      "stop",    "close",   "quit",    "reap"};
  return Ends;
}

/// True where a word of \p Name speaks of the end of something.
static bool hintsAtAnEnd(llvm::StringRef Name) {
  return llvm::any_of(wordsOf(Name),
                      [](llvm::StringRef W) { return ends().contains(W); });
}

/// True where a word can stand for the device that \p Call is given.
static bool meansTheDevice(llvm::StringRef Word, const CallExpr *Call) {
  static const Words Nouns = {
      "dev",  "device", "devices", "vdev",   "mdev",     "vfio",  "core",
      "all",  "common", "self",    "state",  "instance", "ctx",   "context",
      "priv", "data",   "private", "object", "obj",      "ref",   "reference",
      "kref", "struct", "final",   "one",    "work",     "rcu",   "locked",
      "sync", "async",  "unlock",  "last",   "resource", "group", "resources"};
  if (Nouns.contains(Word))
    return true;
  return llvm::any_of(Call->arguments(), [&](const Expr *Arg) {
    const RecordDecl *R = pointeeRecord(Arg->IgnoreParenImpCasts()->getType());
    return R && R->getIdentifier() &&
           llvm::is_contained(wordsOf(R->getName()), Word);
  });
}

/// True where the name of what \p Call calls speaks of the end of the device,
/// and not of something else: `foo_remove(x)`, but not `foo_remove_file(x)`.
static bool endsTheDevice(llvm::StringRef Name, const CallExpr *Call) {
  auto Parts = wordsOf(Name);
  for (size_t I = 0; I < Parts.size(); ++I)
    if (ends().contains(Parts[I]) &&
        llvm::all_of(llvm::ArrayRef(Parts).drop_front(I + 1),
                     [&](llvm::StringRef W) {
                       return ends().contains(W) || meansTheDevice(W, Call);
                     }))
      return true;
  return false;
}

/// True where a word of \p Name speaks of a place to keep something.
static bool hintsAtAPlace(llvm::StringRef Name) {
  static const Words Places = {"add",    "insert", "store", "enqueue", "queue",
                               "push",   "link",   "track", "list",    "hlist",
                               "attach", "save",   "own",   "adopt"};
  return llvm::any_of(wordsOf(Name),
                      [](llvm::StringRef W) { return Places.contains(W); });
}

/// True for a function that has something else run later, or elsewhere: what
/// that does is not known from the call.
static bool defers(llvm::StringRef Name) {
  static const Words Later = {"queue", "schedule", "rcu",     "wake", "defer",
                              "async", "delayed",  "kthread", "mod"};
  return llvm::any_of(wordsOf(Name),
                      [](llvm::StringRef W) { return Later.contains(W); });
}

bool OutsideKnowledge::isOfTheKernel(const FunctionDecl *F) {
  const SourceManager &SM = F->getASTContext().getSourceManager();
  return isKernelHeaderPath(
             SM.getFilename(SM.getExpansionLoc(F->getLocation()))) &&
         F->getIdentifier() && !F->getName().starts_with("vfio");
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
  if (defers(F->getName()))
    return true;
  if (onlyLooks(F) || Beliefs.contains({F->getCanonicalDecl(), unsigned(D)}))
    return false;
  if (D == Deed::Unregister && isOfTheKernel(F))
    return false;
  if (D == Deed::Unregister || D == Deed::Free)
    return endsTheDevice(F->getName(), Call);
  return hintsAtAnEnd(F->getName()) ||
         (D == Deed::Keep && hintsAtAPlace(F->getName()));
}

} // namespace vfio::flow
