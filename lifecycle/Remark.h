//===- Remark.h - What is wrong with a driver's other lives ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The answers of the rules that are about more than the vfio_device itself:
// what core asks of a driver, and what a driver takes and gives back. Plain
// values; a check picks its kinds and words them.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_REMARK_H
#define VFIO_LIFECYCLE_REMARK_H

#include "contracts/ResourceTable.h"
#include "clang/AST/Decl.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace vfio {

struct TUModel;

enum class RemarkKind {
  // vfio-core-rules.
  IommufdMissing,   ///< Subject: table; Member: the operation
  IommufdHalf,      ///< some are set, Member is not
  IommufdFamily,    ///< Function: a helper of the other family
  PciNoInit,        ///< Subject: table
  DrvdataNever,     ///< before the registration
  DrvdataLate,      ///< only after it
  DrvdataSometimes, ///< before it only where a member says so
  DrvdataWrong,     ///< of something else than the core device
  DrvdataCleared,   ///< before the end of the registration
  OpenNoFinish,     ///< Function: .open_device
  CloseNotCore,     ///< Function: .close_device
  CloseSkipsCore,   ///< on some way
  CloseMissing,     ///< Subject: table
  MigrationOp,      ///< Subject: table, Member
  MigrationNoFlags, ///< nothing sets migration_flags
  MigrationNoStop,  ///< they lack VFIO_MIGRATION_STOP_COPY
  LogOp,            ///< Subject: table, Member
  PinsNoUnmap,      ///< Subject: table
  NoIommuGroup,     ///< of a mediated device
  InitReads,        ///< Member: what probe sets later
  SetLate,          ///< Member: set after the registration, used by callbacks
  // vfio-open-contract.
  OpenKeeps,      ///< fails, and keeps what it took
  CloseKeeps,     ///< no closer gives back what was taken
  GivesNotTaken,  ///< Function fails, and gives back what it has not taken
  LostHere,       ///< Function: nothing has it any more when this returns
  MemberKept,     ///< Member: lost where Function frees its structure
  CloseSometimes, ///< only where Member, which has nothing to do with it, says
                  ///< so
  // vfio-probe-contract.
  ProbeKeeps,      ///< fails, and keeps what it took
  InitKeeps,       ///< `.init` fails, and keeps what it took
  ReleaseKeeps,    ///< neither `.release` nor remove gives back what it took
  RemoveKeeps,     ///< neither remove nor .release gives back what probe took
  RemoveSometimes, ///< only where Member, which has nothing to do with it, says
  ModuleKeeps,     ///< module init fails, and keeps what it took
  ExitKeeps,       ///< module exit does not give back
  ParameterChanges, ///< Subject: asked by take and give, changed in between
  GoneTooEarly,     ///< remove gives back what callbacks use, then unregisters
  GoneBeforeDriver, ///< module exit gives back what devices use
  // vfio-runs-late.
  NeverCancelled, ///< Member: armed, and nothing stops it
  NotAwaited,     ///< Member: cancelled, and nothing waits for its end
  ArmedAgain,     ///< Member: cancelled before Function, which arms it
  IrqOutlives,    ///< Function: the handler, of an interrupt that devres frees
  FreedUnderRunner, ///< Function uses what is freed before it is stopped
  // vfio-given-twice.
  GivenTwice,   ///< given back here and by .release
  GivenAgain,   ///< given back here, on a way on which it was before
  FileGivesToo, ///< freed here, and by Function, the release of its file
  Overwritten,  ///< Member: may have kept another, which is lost
  StaleMember,  ///< freed, still pointed to, and used or freed by another
  DevresFrees,  ///< Member: freed here, and with the bus device
  WrongHeap,    ///< freed by what is for another allocator than TakenBy
  ErrorKept,    ///< Member: has an ERR_PTR, which Function gives back
  ScopeFrees,   ///< Member: set to what the end of the scope frees
  // vfio-locking.
  LockTwice,       ///< taken while it is held
  LockKept,        ///< held at a return
  LockNotInit,     ///< Member: used, never initialised
  SleepsLocked,    ///< under a spinlock
  SleepsInHandler, ///< in Function, which an interrupt or a timer calls
  NotLocked,       ///< Member: changed without the lock that others hold
  FollowedUnlocked ///< Member: a pointer, followed without that lock
};

/// Another place of the story.
struct RemarkNote {
  enum Kind {
    RegisteredHere,
    SetHere,
    AllocatedHere,
    UsedHere,
    PinnedHere,
    EnabledHere,
    TableHere,
    TakenHere,
    TriedHere,
    GivenHere,
    LockedHere,
    StoppedHere,
    CancelledHere,
    PutHere,
    UnregisteredHere
  } What;
  clang::SourceLocation Where;
};

/// One thing that is wrong. The pointers live as long as the AST.
struct Remark {
  RemarkKind Kind;
  clang::SourceLocation Where;
  const clang::NamedDecl *Subject = nullptr; ///< table, variable, structure
  const clang::FieldDecl *Member = nullptr;
  const clang::FunctionDecl *Function = nullptr;
  const clang::Expr *At = nullptr; ///< what is at \c Where, for a fix
  llvm::SmallVector<RemarkNote, 2> Notes;
  /// What was taken, by which call.
  ResourceKind Resource = ResourceKind::Memory;
  const clang::CallExpr *TakenBy = nullptr;
  /// One for each round of a loop, and the first of them is given back.
  bool OnlyFirst = false;
};

using Remarks = std::vector<Remark>;

} // namespace vfio

#endif // VFIO_LIFECYCLE_REMARK_H
