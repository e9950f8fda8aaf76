//===- ConvertDriver.cpp - One driver: plan, edit, prove ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rewriter/ConvertDriver.h"
#include "rewriter/Conversion.h"
#include "rewriter/Steps.h"
#include "rewriter/deliver/ChangeUnits.h"
#include "rewriter/plan/MoveToInit.h"
#include "rewriter/prove/Events.h"
#include "rewriter/prove/OldBugs.h"
#include "rewriter/prove/TargetHeaders.h"
#include "rewriter/prove/Verify.h"
#include "rewriter/read/HiddenCode.h"
#include "rewriter/read/SkippedCode.h"
#include "rewriter/read/StaleComments.h"
#include "rewriter/render/Cleanup.h"
#include "rewriter/render/KeepOld.h"
#include "rewriter/render/SetOnly.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace vfio::rewriter {

static DriverResult describeDriver(const OldDriver &D) {
  DriverResult R;
  R.Record = D.RecordName;
  R.MainFile = D.first().U->TU->input().File;
  R.Name = "struct " + D.RecordName;
  for (const Unit *U : D.Units)
    R.Files.push_back(U->TU->input().File);
  return R;
}

/// Lays \p Edits over \p Texts; \p Old gets the text on disk of a file that is
/// edited for the first time.
static void lay(const EditSet &Edits, NewTexts &Old, NewTexts &Texts) {
  for (auto &[Path, Text] : Edits.apply()) {
    Old.try_emplace(Path, Edits.original(Path).str());
    Texts[Path] = Text;
  }
}

/// What the headers at hand lack and the driver keeps, for it is no part of the
/// life cycle.
static void remarkOnHeaders(const OldDriver &D, DriverResult &R) {
  for (const Unit *U : D.Units)
    if (const kbuild::Diagnostic *E = missingHeader(*U))
      R.Remarks.push_back(E->str() + ": what it declares was not seen");
  for (const Unit *U : D.Units)
    for (const std::string &Member : U->BroughtBack)
      if (llvm::StringRef(Member).starts_with("migration_")) {
        R.Remarks.push_back("struct vfio_device_ops of these headers has no "
                            "migration callbacks any more (mig_ops since 6.0); "
                            "they are left as they are");
        return;
      }
}

namespace {

/// A state of the driver's files: what was on disk, and what shall be.
struct Draft {
  NewTexts Old, Texts;
};

/// The way of one driver.
class DriverRun {
public:
  DriverRun(const kbuild::InputSet &Set, const Program &P,
            const AllocFlow &Flow, const OldDriver &D, Target To,
            const MigrateOptions &Options)
      : Set(Set), P(P), Flow(Flow), D(D), To(To), Options(Options),
        Units(unitsOf(D, P)), R(describeDriver(D)) {}

  DriverResult run();

private:
  bool parses();
  bool plan(Conversion &C);
  bool convertAndVerify();
  void convertKeepingOld(const EditSet &ForBoth);
  llvm::Error keepOld(const NewTexts &Moved, const NewTexts &ToFrees);
  std::shared_ptr<Program> parseAgain(const NewTexts &Texts,
                                      std::string &Problem) const {
    return reparse(Set, Units, Texts, To, Problem);
  }
  std::shared_ptr<Program> mendOldBugs(std::string &Problem);
  Place inOldText(const Place &Where) const;
  std::optional<Draft> moveOver(const Program &Given,
                                std::shared_ptr<Program> &Tidied);
  Verdict settle(Draft &State, std::shared_ptr<Program> Given,
                 std::shared_ptr<Program> &Tidied);
  bool prove(const Program &After, bool Moved);
  void takeChanges();

  const kbuild::InputSet &Set;
  const Program &P;
  const AllocFlow &Flow;
  const OldDriver &D;
  Target To;
  const MigrateOptions &Options;
  std::vector<const Unit *> Units;
  DriverResult R;
  Draft Now;
  OldBugs Old;
  Proof Shown;
};

} // namespace

/// The files that changed, and what they say that may not be so any more.
void DriverRun::takeChanges() {
  for (const auto &[Path, Text] : Now.Texts) {
    if (Now.Old.at(Path) == Text)
      continue;
    R.Changes.push_back({Path, Now.Old.at(Path), Text});
    for (const StaleComment &C : staleComments(Now.Old.at(Path), Text))
      R.Remarks.push_back(
          (llvm::sys::path::filename(Path) + ", line " + llvm::Twine(C.Line) +
           " of the result: read whether this comment is still true: '" +
           C.Text + "'")
              .str());
  }
  if (Options.KeepOld.empty())
    if (std::string Switch = versionSwitch(D.Units); !Switch.empty())
      R.Remarks.push_back(Switch +
                          " tells kernel versions apart: the result "
                          "builds on the target alone; --keep-old=5.15 "
                          "keeps what older kernels see");
}

/// Tidies \p State, whose parse is \p Given, and tells whether it holds. Gives
/// the parse of the tidied text in \p Tidied.
Verdict DriverRun::settle(Draft &State, std::shared_ptr<Program> Given,
                          std::shared_ptr<Program> &Tidied) {
  if (Verdict V = verifyParse(D, Units, *Given, /*Tidy=*/false); !V)
    return V;
  Draft New = State;
  EditSet Tidy = cleanUp(D.Units, *Given);
  if (!Tidy.conflict())
    lay(Tidy, New.Old, New.Texts);
  for (auto &[Path, Text] : New.Texts) {
    // Another file may use what a header has.
    if (llvm::sys::path::extension(Path) == ".c")
      Text = dropUnusedMacros(New.Old.at(Path), std::move(Text));
    Text = dropUnusedIncludes(New.Old.at(Path), std::move(Text));
  }
  std::string Problem;
  if (New.Texts == State.Texts) {
    Tidied = std::move(Given);
  } else {
    Given.reset(); // one AST at a time is enough
    Tidied = parseAgain(New.Texts, Problem);
  }
  if (!Tidied)
    return {Problem, {}};
  Verdict V = verify(D, Units, Old, *Tidied, /*Tidy=*/true, Shown);
  if (V) {
    State = std::move(New);
    return V;
  }
  // A person looks for what is wrong in the text as it was converted.
  Given = parseAgain(State.Texts, Problem);
  Verdict Converted =
      Given ? verify(D, Units, Old, *Given, /*Tidy=*/false, Shown) : Verdict{};
  return Converted ? V : Converted;
}

/// Parses what the first step made. What the old code had wrong and that step
/// carried over is mended before, by the fix-its of the checks; a fix can
/// uncover another finding, hence the turns.
std::shared_ptr<Program> DriverRun::mendOldBugs(std::string &Problem) {
  for (unsigned Turn = 0;; ++Turn) {
    std::shared_ptr<Program> After = parseAgain(Now.Texts, Problem);
    if (!After || Turn == 3)
      return After;
    // What told of the old life tells nothing any more.
    if (EditSet Told = removeSetOnly(Units, *After);
        !Told.empty() && !Told.conflict()) {
      lay(Told, Now.Old, Now.Texts);
      continue;
    }
    if (Old.Functions.empty())
      return After;
    std::vector<Step> Mends;
    std::optional<EditSet> Edits = mend(D, *After, Old, Mends);
    if (!Edits)
      return After;
    for (Step &S : Mends) {
      S.Where = inOldText(S.Where);
      R.Plan.push_back(std::move(S));
    }
    lay(*Edits, Now.Old, Now.Texts);
  }
}

/// \p Where, a line of what the first step made, in the text on disk: the line
/// that reads the same. \p Where itself where there is not just one.
Place DriverRun::inOldText(const Place &Where) const {
  auto New = Now.Texts.find(Where.File), Old = Now.Old.find(Where.File);
  if (New == Now.Texts.end() || Old == Now.Old.end() || !Where.Line)
    return Where;
  llvm::SmallVector<llvm::StringRef, 0> Lines, OldLines;
  llvm::StringRef(New->second).split(Lines, '\n');
  llvm::StringRef(Old->second).split(OldLines, '\n');
  if (Where.Line > Lines.size() ||
      llvm::count(OldLines, Lines[Where.Line - 1]) != 1)
    return Where;
  Place Out = Where;
  Out.Line = llvm::find(OldLines, Lines[Where.Line - 1]) - OldLines.begin() + 1;
  return Out;
}

/// The second step: private set-up moves to @init and @release where the
/// result holds. Nothing where it does not: the first step's result, of which
/// \p Given is the parse, stands.
std::optional<Draft> DriverRun::moveOver(const Program &Given,
                                         std::shared_ptr<Program> &Tidied) {
  Move M = moveToInit(Given, D.RecordName, To);
  R.Stays = M.Stays;
  if (M.Steps.empty()) {
    if (!M.Why.empty())
      R.Remarks.push_back("set-up stays in probe: " + M.Why);
    return std::nullopt;
  }
  Draft Second = Now;
  lay(M.Edits, Second.Old, Second.Texts);
  std::string Problem;
  std::shared_ptr<Program> Moved = parseAgain(Second.Texts, Problem);
  Verdict V =
      Moved ? settle(Second, std::move(Moved), Tidied) : Verdict{Problem, {}};
  if (!V) {
    R.Remarks.push_back("set-up stays in probe, as what came of moving it did "
                        "not hold: " +
                        V.Problem);
    return std::nullopt;
  }
  // What the first step set in the table is not what is there now.
  auto Moves = [&](StepId Id) {
    return llvm::any_of(M.Steps, [&](const Step &S) { return isStep(S, Id); });
  };
  llvm::erase_if(R.Plan, [&](const Step &S) {
    return isStep(S, StepId::AddInit) ||
           (isStep(S, StepId::AddRelease) &&
            (Moves(StepId::MoveToRelease) || Moves(StepId::MoveQuota)));
  });
  // Places are those of the old text.
  for (std::vector<Step> *Steps : {&M.Steps, &M.Bugs})
    for (Step &S : *Steps)
      S.Where = inOldText(S.Where);
  llvm::move(M.Steps, std::back_inserter(R.Plan));
  llvm::move(M.Bugs, std::back_inserter(R.BugsRemoved));
  if (!M.Stays.empty())
    R.Remarks.push_back("stays in probe: " + M.Stays);
  return Second;
}

/// What the parse and the checks cannot tell of the result: that the events of
/// the old code are conserved, and that a second run has nothing to do. False,
/// with a refusal, where they are not.
bool DriverRun::prove(const Program &After, bool Moved) {
  EventTable Table = compareEvents(D, P, After, Old.Functions, Moved, Shown);
  R.Events = std::move(Table.Paths);
  if (!Table.Problem.empty()) {
    refuseVerdict({Table.Problem, Table.Where}, R);
    return false;
  }
  if (Verdict V = runAgain(D, After, To, Shown); !V) {
    refuseVerdict(V, R);
    return false;
  }
  return true;
}

/// Both steps, tidied and verified; false, with a refusal, where the result
/// does not hold.
bool DriverRun::convertAndVerify() {
  // What devm freed on every way out of a function, the function puts now.
  for (unsigned A : D.Allocs)
    if (Flow.allocs()[A].Api->Kind == Role::DevmAllocate)
      Old.Functions.insert(Flow.allocs()[A].In->getNameAsString());
  std::string Problem;
  std::shared_ptr<Program> Tidied, Given = mendOldBugs(Problem);
  if (!Given) {
    refuseVerdict({Problem, {}}, R);
    return false;
  }
  // The second step starts from the text as the first left it, so that what
  // both leave behind is tidied once.
  std::optional<Draft> Second = moveOver(*Given, Tidied);
  if (Second) {
    Now = std::move(*Second);
  } else if (Verdict V = settle(Now, std::move(Given), Tidied); !V) {
    refuseVerdict(V, R);
    return false;
  }
  if (!prove(*Tidied, Second.has_value()))
    return false;
  // What is left as it was is carried over.
  llvm::erase_if(Old.Bugs, [&](const Step &B) {
    return llvm::any_of(Shown.Left, [&](const Step &L) {
      return L.What == B.What && L.Where.File == B.Where.File;
    });
  });
  llvm::move(Old.Bugs, std::back_inserter(R.BugsRemoved));
  for (const Step &F : Shown.Left)
    R.Remarks.push_back("line " + std::to_string(F.Where.Line) + ": " + F.Name +
                        " says of what is left as it was: " + F.What);
  R.Remaining = remainingErrors(*Tidied);
  R.Proof = Shown.clauses();
  return true;
}

/// --keep-old: the new lines and the old ones under LINUX_VERSION_CODE. The
/// first step alone is used: it changes few lines, and it changes them where
/// they stand. \p Moved has the old texts with what old kernels do not mind. \p
/// ToFrees has the texts for 6.1 where the target is later: 6.1 itself has
/// neither the old functions nor core's free.
llvm::Error DriverRun::keepOld(const NewTexts &Moved, const NewTexts &ToFrees) {
  for (auto &[Path, Text] : Now.Texts) {
    auto Base = Moved.find(Path);
    const std::string &OldText =
        Base == Moved.end() ? Now.Old.at(Path) : Base->second;
    if (To == Target::CoreFrees) {
      auto Frees = ToFrees.find(Path);
      llvm::Expected<std::string> New = mergeVersions(
          Frees == ToFrees.end() ? OldText : Frees->second, Text, {6, 2});
      if (!New)
        return New.takeError();
      Text = std::move(*New);
    }
    llvm::Expected<std::string> Both = mergeVersions(OldText, Text, {6, 1});
    if (!Both)
      return Both.takeError();
    Text = includeVersion(joinConditions(std::move(*Both)));
  }
  return llvm::Error::success();
}

/// The result with both models, verified as the kernel at hand sees it.
void DriverRun::convertKeepingOld(const EditSet &ForBoth) {
  NewTexts ToFrees;
  if (To == Target::CoreFrees) {
    Conversion Other(P, Flow, D, Target::DriverFrees);
    Other.run();
    if (Other.Refusals.empty())
      ToFrees = Other.Edits.apply();
  }
  if (llvm::Error E = keepOld(ForBoth.apply(), ToFrees)) {
    refuseVerdict({llvm::toString(std::move(E)), {}}, R);
    return;
  }
  if (Options.Verify) {
    std::string Problem;
    std::shared_ptr<Program> After = parseAgain(Now.Texts, Problem);
    Verdict V = After ? verify(D, Units, Old, *After, /*Tidy=*/false, Shown)
                      : Verdict{Problem, {}};
    if (!V) {
      refuseVerdict(V, R);
      return;
    }
    Shown.OldSideKept = true;
    R.Remaining = remainingErrors(*After);
    R.Proof = Shown.clauses();
  }
  takeChanges();
  R.Outcome = Status::Converted;
}

bool DriverRun::parses() {
  for (const Unit *U : D.Units)
    if (const kbuild::Diagnostic *E = hidingError(*U)) {
      R.Refusals.push_back(parseRefusal(*E, {E->File, E->Line, E->Column}));
      return false;
    }
  return true;
}

/// False where there is nothing to convert, or a reason not to.
bool DriverRun::plan(Conversion &C) {
  C.run();
  R.Plan = std::move(C.Plan);
  R.Remarks = std::move(C.Remarks);
  remarkOnHeaders(D, R);
  if (C.Refusals.empty() && !P.isFollowed())
    C.Refusals = C.Doubts;
  if (!C.Refusals.empty()) {
    R.Refusals = std::move(C.Refusals);
    R.Plan.clear();
    blameParse(P, R);
    for (Refusal &F : R.Refusals)
      if (F.Id == RefusalId::ConditionalCode && !versionSwitch(D.Units).empty())
        F.WhatToDo = "settle the condition for one kernel, then run "
                     "vfio-migrate again with --keep-old=VERSION, which keeps "
                     "what older kernels see";
    return false;
  }
  R.BugsRemoved = std::move(C.Bugs);
  if (!C.NewSideExists)
    return true;
  R.Plan.clear();
  R.Remarks.push_back("the new model is one side of a condition already; the "
                      "old model is kept for older kernels");
  R.Outcome = Status::AlreadyNew;
  return false;
}

DriverResult DriverRun::run() {
  const SiteRef &Call = D.first();
  PrettyStackTraceDecl At(Call.S->In, Call.S->Call->getBeginLoc(),
                          Call.U->sources(), "converting the driver of");
  Conversion C(P, Flow, D, To);
  if (!parses() || !plan(C))
    return std::move(R);
  lay(C.Edits, Now.Old, Now.Texts);
  if (Options.Verify) {
    Old = findOldBugs(D, Units);
    Shown.Supplied = llvm::any_of(
        Units, [&](const Unit *U) { return !targetHeaders(*U, To).empty(); });
  }
  if (!Options.KeepOld.empty()) {
    convertKeepingOld(C.ForBoth);
    return std::move(R);
  }
  if (Options.Verify && !convertAndVerify()) {
    if (!C.Doubts.empty())
      R.Refusals = std::move(C.Doubts);
    sayWhatLacks(D, R);
    return std::move(R);
  }
  takeChanges();
  R.Outcome = Status::Converted;
  return std::move(R);
}

bool wouldConvert(const Program &P, const AllocFlow &Flow, const OldDriver &D,
                  Target To) {
  if (llvm::any_of(D.Units, [](const Unit *U) { return hidingError(*U); }))
    return false;
  Conversion C(P, Flow, D, To);
  C.run();
  return C.Refusals.empty() && !C.NewSideExists;
}

DriverResult convertDriver(const kbuild::InputSet &Set, const Program &P,
                           const AllocFlow &Flow, const OldDriver &D, Target To,
                           const MigrateOptions &Options) {
  return DriverRun(Set, P, Flow, D, To, Options).run();
}

} // namespace vfio::rewriter
