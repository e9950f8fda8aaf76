//===- CommitMessage.cpp - What a patch says of itself --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/SourceTree.h"
#include "rewriter/Steps.h"
#include "rewriter/deliver/Series.h"
#include "rewriter/deliver/Summary.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

using llvm::StringRef;

std::string wrapped(StringRef Text, StringRef First, StringRef Rest) {
  constexpr size_t Columns = 75;
  llvm::SmallVector<StringRef> Words;
  Text.split(Words, ' ', -1, /*KeepEmpty=*/false);
  std::string Result, Line = First.str();
  bool Empty = true;
  for (StringRef Word : Words) {
    if (!Empty && Line.size() + 1 + Word.size() > Columns) {
      Result += Line + "\n";
      Line = Rest.str();
      Empty = true;
    }
    Line += (Empty ? "" : " ") + Word.str();
    Empty = false;
  }
  return Result + Line + "\n";
}

static StringRef clause(StringRef Sentence) { return Sentence.rtrim(". \n"); }

/// The steps of all drivers as a list, each sentence once: the same step in
/// several places is one thing to a reader.
static std::string stepList(const ChangeUnit &Unit) {
  std::string Text;
  llvm::StringSet<> Said;
  for (const DriverResult *D : Unit.Drivers)
    for (const Step &S : D->Plan)
      if (Said.insert(clause(S.What)).second)
        Text += wrapped(clause(S.What), " - ", "   ");
  return Text;
}

static std::string bugList(const ChangeUnit &Unit) {
  std::string Text;
  for (const DriverResult *D : Unit.Drivers)
    for (const Step &Bug : D->BugsRemoved)
      Text += wrapped(clause(Bug.What), " - ", "   ");
  return Text;
}

static std::string proofText(const ChangeUnit &Unit, Target To) {
  std::vector<std::string> Clauses;
  for (const DriverResult *D : Unit.Drivers)
    for (const std::string &P : D->Proof)
      if (!llvm::is_contained(Clauses, clause(P)))
        Clauses.push_back(clause(P).str());
  std::string Made = "This change was made by vfio-migrate " VFIO_VERSION ". ";
  if (Clauses.empty())
    return Made + "Its result was not verified.";
  std::string Remaining;
  for (const DriverResult *D : Unit.Drivers)
    if (!D->Remaining.empty())
      Remaining += " " + remainingText(*D, targetName(To)) + ".";
  return Made + (Remaining.empty() ? "Verified: " : "Compared: ") +
         llvm::join(Clauses, "; ") + "." + Remaining;
}

static bool hasStep(const ChangeUnit &Unit, StepId Id) {
  return llvm::any_of(Unit.Drivers, [&](const DriverResult *D) {
    return llvm::any_of(D->Plan, [&](const Step &S) { return isStep(S, Id); });
  });
}

/// True where all that is done is to give tables the iommufd operations.
static bool onlyIommufd(const ChangeUnit &Unit) {
  return hasStep(Unit, StepId::AddIommufd) &&
         llvm::all_of(Unit.Drivers, [](const DriverResult *D) {
           return llvm::all_of(D->Plan, [](const Step &S) {
             return isStep(S, StepId::AddIommufd);
           });
         });
}

/// True where the driver was new, and only the free moves to the core.
static bool onlyFrees(const ChangeUnit &Unit) {
  return (hasStep(Unit, StepId::DropRelease) ||
          hasStep(Unit, StepId::DropFree)) &&
         !hasStep(Unit, StepId::ReplaceAllocation);
}

/// True where the driver was new, and its tables lacked what core calls.
static bool onlyCallbacks(const ChangeUnit &Unit) {
  return hasStep(Unit, StepId::AddRelease) &&
         llvm::all_of(Unit.Drivers, [](const DriverResult *D) {
           return llvm::all_of(D->Plan, [](const Step &S) {
             return isStep(S, StepId::AddRelease) || isStep(S, StepId::AddInit);
           });
         });
}

namespace {
/// What a patch does, in a subject's words.
enum class Deed { Helpers, Frees, Iommufd, Callbacks };
} // namespace

static Deed deedOf(const ChangeUnit &Unit) {
  return onlyIommufd(Unit)     ? Deed::Iommufd
         : onlyFrees(Unit)     ? Deed::Frees
         : onlyCallbacks(Unit) ? Deed::Callbacks
                               : Deed::Helpers;
}

static StringRef subjectOf(Deed What) {
  switch (What) {
  case Deed::Iommufd:
    return ": Set the iommufd operations";
  case Deed::Frees:
    return ": Leave the free of the structure to the core";
  case Deed::Callbacks:
    return ": Set the callback that frees the structure";
  case Deed::Helpers:
    break;
  }
  return ": Use the new device life cycle helpers";
}

StringRef subjectVerb(const ChangeUnit &Unit) {
  return subjectOf(deedOf(Unit)).ltrim(": ").split(' ').first;
}

std::string coverText(llvm::ArrayRef<const ChangeUnit *> Units) {
  static constexpr struct {
    Deed What;
    StringRef Text;
  } Each[] = {
      {Deed::Helpers,
       "Move drivers to the life cycle in which the core counts the references "
       "of a device, and the last vfio_put_device() ends it."},
      {Deed::Callbacks,
       "Set @release where an ops table had none: the core calls it untested "
       "at the last vfio_put_device()."},
      {Deed::Frees,
       "Leave the free of the structure to the core, which does it from 6.2 "
       "on."},
      {Deed::Iommufd,
       "Set the iommufd operations, without which the core refuses a device "
       "from 6.4 on where CONFIG_IOMMUFD is on."}};
  std::string Subject, Text;
  for (const auto &Row : Each)
    if (llvm::any_of(Units, [&](const ChangeUnit *U) {
          return deedOf(*U) == Row.What;
        })) {
      if (Subject.empty())
        Subject = "vfio" + subjectOf(Row.What).str();
      Text += Row.Text.str() + " ";
    }
  return Subject + "\n\n" +
         wrapped(Text + (Units.size() > 1
                             ? "The patches do not depend on each other."
                             : ""));
}

/// What is done to the structures and why: nothing that no step did.
static std::string opening(const ChangeUnit &Unit, Target To) {
  std::vector<std::string> Records;
  for (const DriverResult *D : Unit.Drivers)
    if (!D->Record.empty())
      Records.push_back("struct " + D->Record);
  std::string What = Records.empty() ? "the device" : llvm::join(Records, ", ");
  if (hasStep(Unit, StepId::InitDevice))
    return "Prepare the device in " + What +
           " with vfio_init_device() and end it by reference count. The "
           "structure outlives the device: who puts the last reference waits "
           "until @release has run.";
  if (onlyFrees(Unit))
    return "From 6.2 on the core frees " + What +
           " after the last vfio_put_device(), and a @release that frees it "
           "would be a second free.";
  if (onlyIommufd(Unit))
    return "From 6.4 on the core refuses to register " + What +
           " without the operations that bind it to an iommufd, where "
           "CONFIG_IOMMUFD is on.";
  if (onlyCallbacks(Unit))
    return "The last vfio_put_device() calls @release of the ops table "
           "untested. That of " +
           What + " had none.";
  if (Unit.Drivers.front()->Plan.empty())
    return "Move " + What +
           " to the life cycle in which the core counts "
           "references.";
  // A vfio_device that is in no other structure is allocated by the function
  // below the macro.
  auto IsBare = [](const std::string &R) { return R == "struct vfio_device"; };
  std::string By = llvm::all_of(Records, IsBare) && !Records.empty()
                       ? "_vfio_alloc_device()"
                   : llvm::any_of(Records, IsBare)
                       ? "vfio_alloc_device() or _vfio_alloc_device()"
                       : "vfio_alloc_device()";
  bool Begun = !hasStep(Unit, StepId::ReplaceAllocation);
  return (Begun ? "End " + What + ", which comes from " + By +
                      " already, by reference count: "
                : "Allocate " + What + " with " + By +
                      " and end it by reference count: ") +
         (To == Target::DriverFrees
              ? "the last vfio_put_device() runs @release, which frees it."
              : "the core frees it after the last vfio_put_device().");
}

/// The headers that no file includes any more.
static std::string includeList(const ChangeUnit &Unit) {
  std::string Text;
  for (const FileChange &F : Unit.Files) {
    llvm::SmallVector<StringRef, 0> Lines;
    StringRef(F.Before).split(Lines, '\n');
    for (StringRef Line : Lines)
      if (Line.starts_with("#include ") &&
          !StringRef(F.After).contains((Line + "\n").str()))
        Text += wrapped(
            "drop the include of " +
                Line.drop_front(strlen("#include ")).trim().str() +
                (Unit.Files.size() > 1
                     ? " from " + llvm::sys::path::filename(F.Path).str()
                     : std::string()) +
                ", of which nothing is used any more",
            " - ", "   ");
  }
  return Text;
}

/// What stays in probe, and why, for who would have moved it.
static std::string staysText(const ChangeUnit &Unit) {
  std::string Text;
  for (const DriverResult *D : Unit.Drivers)
    if (!D->Stays.empty())
      Text += "\n" + wrapped("Left in probe: " + clause(D->Stays).str() + ".");
  return Text;
}

std::string commitMessage(const ChangeUnit &Unit, const MigrationResult &Result,
                          StringRef Prefix, llvm::ArrayRef<std::string> Fixes) {
  std::string Text = Prefix.str() + subjectOf(deedOf(Unit)).str() + "\n\n";
  Text += wrapped(opening(Unit, Result.To));
  if (std::string Steps = stepList(Unit) + includeList(Unit); !Steps.empty())
    Text += "\n" + Steps;
  Text += staysText(Unit);
  if (std::string Bugs = bugList(Unit); !Bugs.empty())
    Text += "\nBugs of the old code that go with it:\n\n" + Bugs;
  for (const std::string &Commit : Fixes)
    Text +=
        (&Commit == Fixes.begin() ? "\nFixes: " : "Fixes: ") + Commit + "\n";
  // What is behind the line is for the reader of the mail; git am leaves it.
  Text += "---\n" + wrapped(proofText(Unit, Result.To));
  Text += "\n" + wrapped("Not tested: the result was neither linked into a "
                         "module nor run with a device.");
  std::string Notes;
  for (const DriverResult *D : Unit.Drivers)
    for (const std::string &Remark : D->Remarks)
      if (D->Stays.empty() || !StringRef(Remark).ends_with(D->Stays))
        Notes += wrapped(clause(Remark), " - ", "   "); // the body has others
  if (!Notes.empty())
    Text += "\nTo look at:\n\n" + Notes;
  return Text;
}

} // namespace vfio::rewriter
