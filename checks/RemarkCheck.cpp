//===- RemarkCheck.cpp - A check that words remarks of lifecycle/ ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/RemarkCheck.h"
#include "checks/SourceText.h"

using namespace clang;

namespace vfio::checks {

static StringRef textOf(RemarkNote::Kind Kind) {
  switch (Kind) {
  case RemarkNote::RegisteredHere:
    return "registered here: user space can be there from now on";
  case RemarkNote::SetHere:
    return "set here";
  case RemarkNote::AllocatedHere:
    return "allocated here";
  case RemarkNote::UsedHere:
    return "used here";
  case RemarkNote::PinnedHere:
    return "pinned here";
  case RemarkNote::EnabledHere:
    return "enabled here";
  case RemarkNote::TableHere:
    return "the table is here";
  case RemarkNote::TakenHere:
    return "taken here";
  case RemarkNote::TriedHere:
    return "the error is from here";
  case RemarkNote::GivenHere:
    return "given back here";
  case RemarkNote::LockedHere:
    return "locked here";
  case RemarkNote::StoppedHere:
    return "stopped only here";
  case RemarkNote::CancelledHere:
    return "cancelled here, without waiting for one that runs";
  case RemarkNote::PutHere:
    return "put here";
  case RemarkNote::UnregisteredHere:
    return "unregistered only here";
  }
  return "";
}

std::string quoted(const NamedDecl *D) {
  return D ? "'" + D->getNameAsString() + "'" : "";
}

std::string neverGiven(const Remark &R, const std::string &By) {
  if (R.OnlyFirst)
    return takenBy(R) + " in a loop is given back only once: the loop that " +
           "does it ends with the first";
  return takenBy(R) + " is never given back: " + By;
}

std::string takenBy(const Remark &R) {
  const FunctionDecl *F = R.TakenBy ? R.TakenBy->getDirectCallee() : nullptr;
  return describe(R.Resource).str() +
         (F ? " taken by '" + calleeAsWritten(R.TakenBy, F->getASTContext()) +
                  "'"
            : "");
}

void LivesCheck::collect(const TUModel &Model, Remarks &Out) {
  Out = Model.otherLives();
}

void RemarkCheck::addNotes(const Remark &R) {
  for (const RemarkNote &Note : R.Notes)
    if (Note.Where.isValid() && Note.Where != R.Where)
      diag(Note.Where, textOf(Note.What), DiagnosticIDs::Note);
}

/// True where \p Kind says of the whole driver that nothing in it does a thing:
/// what is not shown may do it.
static bool isOfAbsence(RemarkKind Kind) {
  switch (Kind) {
  case RemarkKind::MigrationNoFlags:
  case RemarkKind::MigrationNoStop:
  case RemarkKind::DrvdataNever:
  case RemarkKind::DrvdataLate:
  case RemarkKind::DrvdataSometimes:
  case RemarkKind::InitReads:
  case RemarkKind::SetLate:
  case RemarkKind::CloseKeeps:
  case RemarkKind::CloseSometimes:
  case RemarkKind::ReleaseKeeps:
  case RemarkKind::RemoveKeeps:
  case RemarkKind::RemoveSometimes:
  case RemarkKind::ExitKeeps:
  case RemarkKind::NeverCancelled:
  case RemarkKind::FreedUnderRunner:
  case RemarkKind::Overwritten:
  case RemarkKind::StaleMember:
  case RemarkKind::ErrorKept:
  case RemarkKind::ScopeFrees:
  case RemarkKind::DevresFrees:
  case RemarkKind::LockNotInit:
  case RemarkKind::NotLocked:
  case RemarkKind::FollowedUnlocked:
    return true;
  default:
    return false;
  }
}

/// True for what is said of something that a member has: what is not shown may
/// give it back, or take it from there.
static bool isOfMember(const Remark &R) {
  return R.Member &&
         (R.Kind == RemarkKind::WrongHeap || R.Kind == RemarkKind::OpenKeeps ||
          R.Kind == RemarkKind::ProbeKeeps || R.Kind == RemarkKind::InitKeeps ||
          R.Kind == RemarkKind::ModuleKeeps);
}

void RemarkCheck::report(const TUModel &Model, ASTContext &Context) {
  Remarks All;
  collect(Model, All);
  if (Model.hasHoles())
    llvm::erase_if(All, [](const Remark &R) {
      return isOfAbsence(R.Kind) || isOfMember(R);
    });
  const SourceManager &SM = Context.getSourceManager();
  for (Remark &R : All)
    R.Where = SM.getExpansionLoc(R.Where);
  llvm::sort(All, [&](const Remark &A, const Remark &B) {
    return A.Where == B.Where ? A.Kind < B.Kind
                              : SM.isBeforeInTranslationUnit(A.Where, B.Where);
  });
  for (const Remark &R : All) {
    std::optional<Wording> W = word(R, Model);
    if (!W)
      continue;
    {
      auto Diag = diag(R.Where, "%0") << W->Message;
      for (const FixItHint &Fix : W->Fixes)
        Diag << Fix;
    }
    addNotes(R);
  }
}

} // namespace vfio::checks
