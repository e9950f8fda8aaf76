//===- FindingCheck.cpp - A check that words what the engine found --------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "checks/FindingCheck.h"
#include "checks/Unsaid.h"

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

/// The brace that ends the scope of \p Var in \p S; invalid where it is not in
/// there.
static SourceLocation scopeEnd(const VarDecl *Var, const Stmt *S) {
  for (const Stmt *Child : S->children()) {
    if (!Child)
      continue;
    const auto *Decls = dyn_cast<DeclStmt>(Child);
    if (Decls && llvm::is_contained(Decls->decls(), Var))
      if (const auto *Block = dyn_cast<CompoundStmt>(S))
        return Block->getRBracLoc();
    if (SourceLocation End = scopeEnd(Var, Child); End.isValid())
      return End;
  }
  return SourceLocation();
}

static SourceLocation scopeEnd(const VarDecl *Var) {
  const auto *F = dyn_cast_or_null<FunctionDecl>(Var->getDeclContext());
  return F && F->hasBody() ? scopeEnd(Var, F->getBody()) : SourceLocation();
}

void FindingCheck::addNotes(const Finding &F) {
  for (const FindingNote &Note : F.Notes)
    if (Note.Where.isValid() && Note.Where != F.Where)
      diag(Note.Where, textOf(Note.What), DiagnosticIDs::Note);
}

/// True where a part of the story is in the file that is looked at.
static bool touchesHere(const Finding &F, const TUModel &Model) {
  const SourceManager &SM = Model.Ctx.getSourceManager();
  return llvm::any_of(F.Notes, [&](const FindingNote &Note) {
    return Note.Where.isValid() &&
           SM.isInMainFile(SM.getExpansionLoc(Note.Where));
  });
}

void FindingCheck::report(const TUModel &Model, ASTContext &Context) {
  for (const Finding &F : Model.findings()) {
    std::optional<Wording> W = wordFinding(F, Model);
    if (!W)
      continue;
    RootIsHere = concerns(F.Root) || touchesHere(F, Model);
    {
      SourceLocation End = F.Cleanup ? scopeEnd(F.Cleanup) : SourceLocation();
      auto Diag = diag(End.isValid() ? End : F.Where, "%0") << W->Message;
      for (const FixItHint &Fix : W->Fixes)
        Diag << Fix;
    }
    if (F.Cleanup)
      diag(F.Cleanup->getLocation(),
           "by the cleanup of %0, which runs at the end of its scope",
           DiagnosticIDs::Note)
          << F.Cleanup;
    addNotes(F);
  }
  if (unsaidListener().NotReported)
    explainSilence(Model);
}

/// Tells what was not reported, and why.
void FindingCheck::explainSilence(const TUModel &Model) {
  for (const Silence &S : Model.silences()) {
    std::optional<Wording> W = wordFinding(S.What, Model);
    if (!W || !isToldHere(S.What.Where, S.What.Root))
      continue;
    Unsaid Out = unsaidAt(Unsaid::NotReported, S.What.Where);
    Out.Check = getID().str();
    Out.Subject = W->Message;
    Out.Why = S.Because.text();
    unsaidListener().NotReported(std::move(Out));
  }
}

} // namespace vfio::checks
