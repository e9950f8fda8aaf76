//===- Finding.h - What is wrong, before anybody words it -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The path engine's answers. A check picks the kinds that are its own, words
// them, and offers a fix.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_FINDING_H
#define VFIO_LIFECYCLE_FINDING_H

#include "contracts/ResourceTable.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio {

enum class FindingKind {
  // vfio-lifecycle: the driver's path through a device's life.
  Leak,                ///< allocated, and the function ends without a put
  LeakRegistered,      ///< fails while the device stays registered
  LeakAfterUnregister, ///< unregistered, never put (old: never freed)
  NeverUnregistered,   ///< remove ends the driver, not the device
  NeverRemoved,        ///< probe registers, and there is no remove
  DoublePut,
  UseAfterPut,
  UseAfterFree,
  PutWhileRegistered,
  FreeWhileRegistered,
  CleanUpOutsideRelease, ///< core's ready-made release called by the driver
  FreeAfterPut,
  PutAfterFree,
  DoubleFree,
  RegisterUnchecked,     ///< the result is lost, and success reported
  SucceedsUnregistered,  ///< probe succeeds, remove unregisters what is not
  RegisterUninitialised, ///< of neither model
  RegisterTwice,
  UnregisterUnregistered,
  OldFreeWithoutUninit,
  OldUninitRegistered,
  OldDoubleUninit,
  OldLeak, ///< hand-allocated, neither freed nor kept
  // vfio-mismatched-free.
  MismatchedFree,     ///< allocated by core, freed by an allocator
  FreeOutsideRelease, ///< vfio_free_device where a put is due
  AllocatorMismatch,  ///< old model: e.g. vzalloc and kfree
  DevmInModel,        ///< devm memory given to the model and freed by hand
  // vfio-alloc-result.
  AllocUntested,
  AllocNullTest,
  AllocErrorUsed,     ///< known to have failed, and taken for a device
  AllocErrorLost,     ///< reported as success
  AllocErrorReplaced, ///< reported as another error
  AllocErrorOfOther,  ///< the error of another pointer is asked for
  // vfio-release-contract.
  ReleaseNeverFrees,
  ReleaseSometimesFrees,
  ReleaseFreesTwice,
  ReleaseUsesFreed,
  ReleaseFrees,     ///< where core frees
  ReleaseSkipsCore, ///< a PCI driver's release without the core's
  ReleasePuts,
  ReleaseRegisters,
  ReleaseUnregisters,
  ReleaseLeaks, ///< what @init took is never given back
  // vfio-init-contract.
  InitLeaks,
  InitFrees,
  InitPuts,
  InitRegisters,
  // vfio-init-device.
  HandAllocatedInNewModel
};

/// Another place of the story.
struct FindingNote {
  enum Kind {
    AllocatedHere,
    InitialisedHere,
    RegisteredHere,
    RegisterFailedHere,
    UnregisteredHere,
    UninitialisedHere,
    PutHere,
    FreedHere,
    TestedHere,
    UsedHere, ///< in a function that was called
    BranchTaken,
    BranchNotTaken,
    LeavesHere,
    TakenHere,      ///< a resource
    GivenBackThere, ///< where its undo is
    ProbeRegisters, ///< in another function
    PutByAction,    ///< a devm action that puts it was added
    CallbackOf      ///< a callback that core calls while it is registered
  } What;
  clang::SourceLocation Where;
};

/// One thing that is wrong. The pointers live as long as the AST.
struct Finding {
  FindingKind Kind;
  /// Where the story begins that it ends.
  const clang::FunctionDecl *Root = nullptr;
  const clang::FunctionDecl *In = nullptr; ///< the function of \c At
  /// The statement or expression to point at: a call, a use, a return; null
  /// where it is the function itself.
  const clang::Stmt *At = nullptr;
  clang::SourceLocation Where; ///< of \c At, or what stands for it
  /// The device or the memory as the code names it nearby; may be null.
  const clang::Expr *Device = nullptr;
  const clang::RecordDecl *Record = nullptr; ///< its structure, where known
  const clang::CallExpr *Allocation = nullptr;
  std::optional<ResourceKind> Resource; ///< of the leak of a resource
  /// The variable whose cleanup, at the end of its scope, \c At is a part of.
  const clang::VarDecl *Cleanup = nullptr;
  const clang::Expr *LeakOf = nullptr; ///< the call that took what leaks
  std::string Detail;                  ///< a name that belongs in the message
  /// What else there is to say of a kind.
  enum class Case : uint8_t {
    Plain,
    Again,    ///< Leak: lost where a loop makes the next one
    ByHand,   ///< OldLeak: the memory is to be freed as well
    OldModel, ///< LeakAfterUnregister: never freed
    Sometimes ///< ReleaseSkipsCore: on one way only
  } Of = Case::Plain;
  /// A local variable that holds the structure where the story ends, and how
  /// the vfio_device in it is spelled from there; empty where there is none.
  std::string Variable, Pointer;
  /// Every path that comes to \c At is as bad as this one.
  bool OnlyWayHere = false;
  std::vector<FindingNote> Notes;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_FINDING_H
