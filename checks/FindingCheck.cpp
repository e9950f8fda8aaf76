//===- FindingCheck.cpp - A check that words what the engine found --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/FindingCheck.h"

using namespace clang;

namespace vfio::checks {

static StringRef textOf(FindingNote::Kind Kind) {
  switch (Kind) {
  case FindingNote::AllocatedHere:
    return "allocated here";
  case FindingNote::InitialisedHere:
    return "initialised here";
  case FindingNote::RegisteredHere:
    return "registered here";
  case FindingNote::RegisterFailedHere:
    return "its registration failed here";
  case FindingNote::UnregisteredHere:
    return "unregistered here";
  case FindingNote::UninitialisedHere:
    return "uninitialised here";
  case FindingNote::PutHere:
    return "the last reference was put here";
  case FindingNote::FreedHere:
    return "freed here";
  case FindingNote::TestedHere:
    return "used here, where it can be an error pointer";
  case FindingNote::UsedHere:
    return "used here";
  case FindingNote::BranchTaken:
    return "on the path where this is true";
  case FindingNote::BranchNotTaken:
    return "on the path where this is false";
  case FindingNote::LeavesHere:
    return "the function is left here";
  case FindingNote::TakenHere:
    return "taken here";
  case FindingNote::GivenBackThere:
    return "given back here";
  case FindingNote::ProbeRegisters:
    return "registered by the probe function here";
  case FindingNote::PutByAction:
    return "the devm action that was added here puts it, too";
  case FindingNote::CallbackOf:
    return "core calls this only while the device is registered";
  }
  return "";
}

void FindingCheck::addNotes(const Finding &F) {
  for (const FindingNote &Note : F.Notes)
    if (Note.Where.isValid() && Note.Where != F.Where)
      diag(Note.Where, textOf(Note.What), DiagnosticIDs::Note);
}

void FindingCheck::report(const TUModel &Model, ASTContext &Context) {
  for (const Finding &F : Model.findings()) {
    std::optional<Wording> W = word(F, Model);
    if (!W)
      continue;
    {
      auto Diag = diag(F.Where, "%0") << W->Message;
      for (const FixItHint &Fix : W->Fixes)
        Diag << Fix;
    }
    addNotes(F);
  }
}

} // namespace vfio::checks
