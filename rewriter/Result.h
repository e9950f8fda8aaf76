//===- Result.h - What became of each driver, as plain values -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The seam between planning and output: what the migration found, planned,
// edited and verified. Nothing here points into an AST.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RESULT_H
#define VFIO_REWRITER_RESULT_H

#include "kbuild/ProcessPool.h"
#include "lifecycle/LifeEvents.h"
#include "report/Diff.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

/// The model that the rewriter writes.
enum class Target {
  DriverFrees, ///< 6.1: @release frees by vfio_free_device
  CoreFrees    ///< 6.2 and later: core frees
};

/// A place in a file, for people. Lines and columns count from 1; 0 is none.
struct Place {
  std::string File; ///< absolute
  unsigned Line = 0;
  unsigned Column = 0;
};

/// One step of a plan, in the domain's words.
struct Step {
  std::string Name; ///< "ReplaceAllocation", "PutOnErrorPath", "AddRelease" ...
  Place Where;
  std::string What; ///< one sentence: what changes
  std::string Why;  ///< one sentence: why this is sound
};

/// A row of Refusals.def.
enum class RefusalId {
#define REFUSAL(NAME, ID, MEANING, WHAT_TO_DO) NAME,
#include "rewriter/Refusals.def"
};

/// Why a driver was left as it is. Each Id has a page in docs/refusals.md.
struct Refusal {
  RefusalId Id = RefusalId::DoesNotVerify;
  Place Where;
  std::string Reason;   ///< one sentence
  std::string WhatToDo; ///< one sentence, to the person
};

/// One path through one function of the driver and the life-cycle events on
/// it, old and new: the table that `--explain` prints and the drawing of the
/// report.
struct PathEvents {
  /// One side of it.
  struct Side {
    enum Sort {
      There,  ///< the events are what happens on it
      Absent, ///< there is no such path
      InInit  ///< what failed here fails in \c .init now
    } What = There;
    std::vector<LifeEvent> Events;
    /// What happens on it, a word each.
    std::vector<std::string> texts() const;
  };
  std::string Function;
  std::string Path; ///< "success", "error at line 42", ...
  bool Fails = false;
  Side Before, After;
};

/// A parse that failed, or a TU that was not looked at.
struct NotParsed {
  std::string File;
  std::string Reason;
  /// Where it was not the file's text: how the process ended that had it.
  kbuild::WorkEnd End = kbuild::WorkEnd::Done;
};

enum class Status {
  Converted,  ///< Changes has the edits; verified unless VerifySkipped
  AlreadyNew, ///< nothing to do
  Refused,    ///< Refusals says why; Changes is empty
};

/// What became of one driver.
struct DriverResult {
  std::string Name;   ///< "struct mdev_state in samples/vfio-mdev/mdpy.c"-like
  std::string Record; ///< the device structure: "mdev_state"
  std::string MainFile;           ///< the file that names the driver, absolute
  std::vector<std::string> Files; ///< every file that belongs to it
  Status Outcome = Status::Refused;
  std::vector<Step> Plan;
  std::vector<Refusal> Refusals;
  std::vector<PathEvents> Events;
  std::vector<FileChange> Changes;
  /// Bugs of the old code that the migration does not carry over.
  std::vector<Step> BugsRemoved;
  /// What stays in probe though it could be the structure's, and why: the end
  /// of a sentence, empty where nothing does.
  std::string Stays;
  /// What a person should know and we did not change.
  std::vector<std::string> Remarks;
  /// Errors of the driver's files that were there before and are still there:
  /// what else keeps it from building on the target.
  std::vector<Step> Remaining;
  /// How it was verified: "parsed against 6.1.0-56-amd64", "all checks
  /// silent", ... one clause each; empty where verification was skipped.
  std::vector<std::string> Proof;
};

/// The whole run.
struct MigrationResult {
  Target To = Target::DriverFrees;
  std::string Kernel; ///< name of the headers, empty with a database
  std::string Root;   ///< common folder of the inputs: patches are relative to
                      ///< the git tree that holds it, else to it
  /// Headers of the drivers' own that were read, absolute.
  std::vector<std::string> Headers;
  /// What a person should know of the run.
  std::vector<std::string> Notes;
  std::vector<DriverResult> Drivers;
  std::vector<NotParsed> Failed;
  std::vector<NotParsed> Skipped;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RESULT_H
