//===- Migrate.cpp - From inputs to migrated drivers ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two passes over the inputs. The first takes plain facts from every TU, which
// tell what TUs belong together; a TU that is a driver by itself is converted
// at once, and the AST of others is let go. The second parses the TUs of one
// family at a time and keeps their ASTs while their drivers are planned, edited
// and verified: memory is that of the largest family.
//
//===----------------------------------------------------------------------===//

#include "rewriter/Migrate.h"
#include "lifecycle/Facts.h"
#include "lifecycle/GlobalNames.h"
#include "rewriter/ChangeUnits.h"
#include "rewriter/Cleanup.h"
#include "rewriter/Conversion.h"
#include "rewriter/Events.h"
#include "rewriter/HiddenCode.h"
#include "rewriter/KeepOld.h"
#include "rewriter/MoveToInit.h"
#include "rewriter/OldBugs.h"
#include "rewriter/ResultWire.h"
#include "rewriter/TargetHeaders.h"
#include "rewriter/Verify.h"
#include "rewriter/WorthParsing.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"
#include <mutex>

using namespace clang;

namespace vfio::rewriter {

namespace {

/// What the first pass keeps of one TU.
struct Survey {
  std::string File;
  Generation Gen = Generation::DriverFrees;
  Place FirstCall; ///< of the model before the old one
  std::vector<std::string> Records; ///< keys of structures with a device
  bool Old = false, New = false, TooOld = false;
  std::string FirstError; ///< of the parse; empty without one
  /// No structure with a device is in a header.
  bool Alone = true;
  /// What came of it, where it was converted by itself, to \c Target.
  std::optional<MigrationResult> Done;
  std::string Problem; ///< why it could not even be parsed
};

template <typename Wire> void wire(Wire &W, Survey &S) {
  auto &[File, Gen, FirstCall, Records, Old, New, TooOld, FirstError, Alone,
         Done, Problem] = S;
  W.all(File, Gen, FirstCall, Records, Old, New, TooOld, FirstError, Alone,
        Done, Problem);
}

} // namespace

/// \p U, parsed once more where that makes members known that its headers lost.
static std::unique_ptr<Unit> withOldMembers(const kbuild::InputSet &Set,
                                            std::unique_ptr<Unit> U) {
  std::vector<std::string> Lacking = lackingMembers(*U);
  std::map<std::string, std::string> Overlay = bringBack(*U, Lacking);
  if (Overlay.empty())
    return U;
  std::string Problem;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  Parse.Overlay = Overlay;
  std::unique_ptr<Unit> Again =
      makeUnit(Set, U->TU->input(), std::move(Parse), Problem);
  if (!Again)
    return U;
  Again->Overlay = std::move(Overlay);
  Again->BroughtBack = std::move(Lacking);
  return Again;
}

static Survey surveyOf(const Unit &U) {
  Survey S;
  const TUModel &Model = *U.Model;
  S.Gen = Model.Gen;
  S.File = U.TU->input().File;
  SourceManager &SM = U.sources();
  for (const DeviceRecord &R : Model.Records) {
    SourceLocation Where = SM.getFileLoc(R.Record->getLocation());
    S.Alone &= SM.isInMainFile(Where);
    S.Records.push_back(R.Record->getNameAsString() + "@" +
                        realPath(SM.getFileID(Where), SM));
  }
  for (const Site &Site : Model.Sites) {
    if (Site.In->getIdentifier() && findApi(Site.In->getName()))
      continue;
    S.Old |= isOldInit(Site.Api->Kind);
    S.New |= Site.Api->Kind == Role::AllocDevice ||
             Site.Api->Kind == Role::InitDevice;
    if (Site.Api->Kind == Role::AddGroupDev ||
        Site.Api->Kind == Role::AddParent)
      S.FirstCall = U.place(Site.Call->getBeginLoc());
  }
  S.TooOld = Model.tooOld();
  if (const kbuild::Diagnostic *E = U.TU->firstError())
    S.FirstError = E->str();
  return S;
}

/// The inputs in families: those that share a structure with a device.
static std::vector<std::vector<size_t>>
familiesOf(const std::vector<Survey> &Surveys) {
  llvm::EquivalenceClasses<size_t> Classes;
  std::map<std::string, size_t> First;
  for (size_t I = 0; I < Surveys.size(); ++I) {
    Classes.insert(I);
    for (const std::string &R : Surveys[I].Records) {
      auto [It, New] = First.try_emplace(R, I);
      if (!New)
        Classes.unionSets(It->second, I);
    }
  }
  std::map<size_t, std::vector<size_t>> ByLeader;
  for (size_t I = 0; I < Surveys.size(); ++I)
    ByLeader[Classes.getLeaderValue(I)].push_back(I);
  std::vector<std::vector<size_t>> Out;
  for (auto &[Leader, Members] : ByLeader)
    Out.push_back(std::move(Members));
  return Out;
}

/// The target for drivers whose headers are of the generation \p Gen.
static Target targetOf(Generation Gen, const MigrateOptions &Options) {
  if (Options.To)
    return *Options.To;
  return Gen == Generation::CoreFrees ? Target::CoreFrees : Target::DriverFrees;
}

static Target decideTarget(const std::vector<Survey> &Surveys,
                           const MigrateOptions &Options) {
  for (const Survey &S : Surveys)
    if (S.Gen == Generation::CoreFrees)
      return targetOf(S.Gen, Options);
  return targetOf(Generation::DriverFrees, Options);
}

static std::string mainFileOf(const OldDriver &D) {
  return D.Inits.front().U->TU->input().File;
}

static DriverResult describeDriver(const OldDriver &D) {
  DriverResult R;
  R.Record = D.RecordName;
  R.MainFile = mainFileOf(D);
  R.Name = "struct " + D.RecordName;
  for (const Unit *U : D.Units)
    R.Files.push_back(U->TU->input().File);
  return R;
}

/// The files of \p Texts as changes against what \p First had read.
static void takeChanges(const NewTexts &Old, const NewTexts &New,
                        DriverResult &R) {
  for (const auto &[Path, Text] : New)
    if (Old.at(Path) != Text)
      R.Changes.push_back({Path, Old.at(Path), Text});
}

/// Lays \p Edits over \p Texts; \p Old gets the text on disk of a file that is
/// edited for the first time.
static void lay(const EditSet &Edits, NewTexts &Old, NewTexts &Texts) {
  for (auto &[Path, Text] : Edits.apply()) {
    Old.try_emplace(Path, Edits.original(Path).str());
    Texts[Path] = Text;
  }
}

/// A state of the driver's files: what was on disk, and what shall be.
struct Draft {
  NewTexts Old, Texts;
};

/// Tidies \p D, whose parse is \p Given, and tells whether it holds. Gives the
/// parse of the tidied text in \p Tidied.
static Verdict settle(const kbuild::InputSet &Set, const OldDriver &Driver,
                      Target To, Draft &D, std::shared_ptr<Program> Given,
                      std::shared_ptr<Program> &Tidied) {
  if (Verdict V = verify(Driver, *Given, /*Tidy=*/false); !V)
    return V;
  Draft New = D;
  EditSet Tidy = cleanUp(Driver.Units, *Given);
  if (!Tidy.conflict())
    lay(Tidy, New.Old, New.Texts);
  for (auto &[Path, Text] : New.Texts)
    Text = dropUnusedIncludes(New.Old.at(Path), std::move(Text));
  std::string Problem;
  if (New.Texts == D.Texts) {
    Tidied = std::move(Given);
  } else {
    Given.reset(); // one AST at a time is enough
    Tidied = reparse(Set, Driver.Units, New.Texts, To, Problem);
  }
  if (!Tidied)
    return {Problem, {}};
  Verdict V = verify(Driver, *Tidied, /*Tidy=*/true);
  if (V)
    D = std::move(New);
  return V;
}

static void refuseVerdict(const Verdict &V, DriverResult &R) {
  R.Refusals.push_back({"does-not-verify", V.Where,
                        "the converted driver does not hold: " + V.Problem,
                        "convert this driver by hand, or report this"});
  R.Plan.clear();
  R.BugsRemoved.clear();
  R.Outcome = Status::Refused;
}

/// Parses what the first step made. What the old code had wrong and that step
/// carried over is mended before, by the fix-its of the checks; a fix can
/// uncover another finding, hence the turns.
static std::shared_ptr<Program> mendOldBugs(const kbuild::InputSet &Set,
                                            const OldDriver &Driver, Target To,
                                            const OldBugs &Old, Draft &D,
                                            std::string &Problem) {
  for (unsigned Turn = 0;; ++Turn) {
    std::shared_ptr<Program> After =
        reparse(Set, Driver.Units, D.Texts, To, Problem);
    if (!After || Old.Functions.empty() || Turn == 3)
      return After;
    std::optional<EditSet> Edits = mend(Driver, *After, Old);
    if (!Edits)
      return After;
    lay(*Edits, D.Old, D.Texts);
  }
}

/// Compares the events of the result, parsed as \p After, with the old code's;
/// \p Moved tells that some of its set-up is in @init now. False, with a
/// refusal, where they are not conserved.
static bool conserves(const OldDriver &Driver, const Program &After,
                      const OldBugs &Old, bool Moved, DriverResult &R) {
  EventTable Table = compareEvents(Driver, After, Old.Functions, Moved);
  R.Events = std::move(Table.Paths);
  if (Table.Problem.empty())
    return true;
  refuseVerdict({Table.Problem, Table.Where}, R);
  return false;
}

/// The second step: private set-up moves to @init and @release where the
/// result holds. Nothing where it does not: the first step's result, of which
/// \p Given is the parse, stands.
static std::optional<Draft> moveOver(const kbuild::InputSet &Set,
                                     const OldDriver &Driver, Target To,
                                     const Draft &First, const Program &Given,
                                     std::shared_ptr<Program> &Tidied,
                                     DriverResult &R) {
  Move M = moveToInit(Given, Driver.RecordName, To);
  if (M.Steps.empty()) {
    R.Remarks.push_back("set-up stays in probe: " + M.Why);
    return std::nullopt;
  }
  Draft Second = First;
  lay(M.Edits, Second.Old, Second.Texts);
  std::string Problem;
  std::shared_ptr<Program> Moved =
      reparse(Set, Driver.Units, Second.Texts, To, Problem);
  Verdict V = Moved ? settle(Set, Driver, To, Second, std::move(Moved), Tidied)
                    : Verdict{Problem, {}};
  if (!V) {
    R.Remarks.push_back("set-up stays in probe: " + V.Problem);
    return std::nullopt;
  }
  for (Step &S : M.Steps)
    R.Plan.push_back(std::move(S));
  return Second;
}

/// Both steps, tidied and verified; false, with a refusal, where the result
/// does not hold. \p D is what the first step made.
static bool convertAndVerify(const kbuild::InputSet &Set, const AllocFlow &Flow,
                             const OldDriver &Driver, Target To, Draft &D,
                             DriverResult &R) {
  OldBugs Old = findOldBugs(Driver);
  // What devm freed on every way out of a function, the function puts now.
  for (unsigned A : Driver.Allocs)
    if (Flow.allocs()[A].Api->Kind == Role::DevmAllocate)
      Old.Functions.insert(Flow.allocs()[A].In->getNameAsString());
  std::string Problem;
  std::shared_ptr<Program> Tidied,
      Given = mendOldBugs(Set, Driver, To, Old, D, Problem);
  if (!Given) {
    refuseVerdict({Problem, {}}, R);
    return false;
  }
  // The second step starts from the text as the first left it, so that what
  // both leave behind is tidied once.
  std::optional<Draft> Second = moveOver(Set, Driver, To, D, *Given, Tidied, R);
  if (Second) {
    D = std::move(*Second);
  } else if (Verdict V = settle(Set, Driver, To, D, std::move(Given), Tidied);
             !V) {
    refuseVerdict(V, R);
    return false;
  }
  if (!conserves(Driver, *Tidied, Old, Second.has_value(), R))
    return false;
  llvm::move(Old.Bugs, std::back_inserter(R.BugsRemoved));
  R.Proof.push_back("parsed against the target API without a new message");
  R.Proof.push_back("all vfio-* checks silent");
  R.Proof.push_back("events conserved on each path");
  R.Proof.push_back("a second run finds nothing to convert");
  return true;
}

static Refusal parseRefusal(const kbuild::Diagnostic &E, Place Where) {
  return {"does-not-parse", std::move(Where),
          "the file does not parse: " + E.str(),
          "give the kernel that this driver is written for (--kernel), "
          "or its compile_commands.json (-p)"};
}

/// Something that was not found, in a file that did not parse, has its cause
/// there.
static void blameParse(const Program &P, DriverResult &R) {
  for (Refusal &F : R.Refusals) {
    if (F.Id != "escaping-pointer" && F.Id != "unknown-ops" &&
        F.Id != "unpaired-cleanup" && F.Id != "pointer-not-embedded")
      continue;
    for (const auto &U : P.Units) {
      if (U->TU->input().File != F.Where.File)
        continue;
      for (const kbuild::Diagnostic &E : U->TU->diagnostics())
        if (E.Level == kbuild::Diagnostic::Error &&
            !isKernelHeaderPath(E.File)) {
          F = parseRefusal(E, F.Where);
          break;
        }
    }
  }
}

/// --keep-old: the new lines and the old ones under LINUX_VERSION_CODE. The
/// first step alone is used: it changes few lines, and it changes them where
/// they stand. \p Moved has the old texts with what old kernels do not mind. \p
/// ToFrees has the texts for 6.1 where the target is later: 6.1 itself has
/// neither the old functions nor core's free.
static llvm::Error keepOld(Draft &D, Target To, const NewTexts &Moved,
                           const NewTexts &ToFrees) {
  for (auto &[Path, Text] : D.Texts) {
    auto Base = Moved.find(Path);
    const std::string &Old =
        Base == Moved.end() ? D.Old.at(Path) : Base->second;
    if (To == Target::CoreFrees) {
      auto Frees = ToFrees.find(Path);
      llvm::Expected<std::string> New = mergeVersions(
          Frees == ToFrees.end() ? Old : Frees->second, Text, {6, 2});
      if (!New)
        return New.takeError();
      Text = std::move(*New);
    }
    llvm::Expected<std::string> Both = mergeVersions(Old, Text, {6, 1});
    if (!Both)
      return Both.takeError();
    Text = includeVersion(joinConditions(std::move(*Both)));
  }
  return llvm::Error::success();
}

/// The result with both models, verified as the kernel at hand sees it.
static void convertKeepingOld(const kbuild::InputSet &Set, const Program &P,
                              const AllocFlow &Flow, const OldDriver &D,
                              Target To, const MigrateOptions &Options,
                              const EditSet &ForBoth, Draft Result,
                              DriverResult &R) {
  NewTexts ToFrees;
  if (To == Target::CoreFrees) {
    Conversion Other(P, Flow, D, Target::DriverFrees);
    Other.run();
    if (Other.Refusals.empty())
      ToFrees = Other.Edits.apply();
  }
  if (llvm::Error E = keepOld(Result, To, ForBoth.apply(), ToFrees)) {
    refuseVerdict({llvm::toString(std::move(E)), {}}, R);
    return;
  }
  if (Options.Verify) {
    std::string Problem;
    std::unique_ptr<Program> After =
        reparse(Set, D.Units, Result.Texts, To, Problem);
    Verdict V =
        After ? verify(D, *After, /*Tidy=*/false) : Verdict{Problem, {}};
    if (!V) {
      refuseVerdict(V, R);
      return;
    }
    R.Proof.push_back("parsed against the target API without a new message");
    R.Proof.push_back("all vfio-* checks silent");
    R.Proof.push_back("the old side is the old text, line for line");
  }
  takeChanges(Result.Old, Result.Texts, R);
  R.Outcome = Status::Converted;
}

/// The header that \p U includes and nobody found; null where all are there.
static const kbuild::Diagnostic *missingHeader(const Unit &U) {
  for (const kbuild::Diagnostic &E : U.TU->diagnostics())
    if (E.Level == kbuild::Diagnostic::Error &&
        llvm::StringRef(E.Message).ends_with("file not found"))
      return &E;
  return nullptr;
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

/// One driver: plan, edit, verify.
static DriverResult convertDriver(const kbuild::InputSet &Set, const Program &P,
                                  const AllocFlow &Flow, const OldDriver &D,
                                  Target To, const MigrateOptions &Options) {
  DriverResult R = describeDriver(D);
  for (const Unit *U : D.Units)
    if (const kbuild::Diagnostic *E = hidingError(*U)) {
      R.Refusals.push_back(parseRefusal(*E, {E->File, E->Line, E->Column}));
      return R;
    }
  Conversion C(P, Flow, D, To);
  C.run();
  R.Plan = std::move(C.Plan);
  R.Remarks = std::move(C.Remarks);
  remarkOnHeaders(D, R);
  if (!C.Refusals.empty()) {
    R.Refusals = std::move(C.Refusals);
    R.Plan.clear();
    blameParse(P, R);
    return R;
  }
  R.BugsRemoved = std::move(C.Bugs);
  if (C.NewSideExists) {
    R.Plan.clear();
    R.Remarks.push_back("the new model is one side of a condition already; the "
                        "old model is kept for older kernels");
    R.Outcome = Status::AlreadyNew;
    return R;
  }
  Draft Result;
  lay(C.Edits, Result.Old, Result.Texts);
  if (!Options.KeepOld.empty()) {
    convertKeepingOld(Set, P, Flow, D, To, Options, C.ForBoth,
                      std::move(Result), R);
    return R;
  }
  if (Options.Verify && !convertAndVerify(Set, Flow, D, To, Result, R))
    return R;
  takeChanges(Result.Old, Result.Texts, R);
  R.Outcome = Status::Converted;
  return R;
}

/// The text of the files that \p Drivers change, all of their changes in it.
static llvm::Expected<NewTexts>
textsTogether(llvm::ArrayRef<DriverResult> Drivers) {
  MigrationResult All;
  All.Drivers = Drivers;
  llvm::Expected<std::vector<ChangeUnit>> Units = changeUnits(All);
  if (!Units)
    return Units.takeError();
  NewTexts Texts;
  for (const ChangeUnit &U : *Units)
    for (const FileChange &C : U.Files)
      Texts[C.Path] = C.After;
  return Texts;
}

static bool shareFile(const DriverResult &A, const DriverResult &B) {
  return llvm::any_of(A.Changes, [&](const FileChange &C) {
    return llvm::any_of(B.Changes,
                        [&](const FileChange &O) { return O.Path == C.Path; });
  });
}

/// Drivers that change the same files are written as one, so what they become
/// together must hold, too: one that does not go with those before it is
/// refused. \p Results has what came of each of \p Drivers.
static void checkTogether(const kbuild::InputSet &Set,
                          llvm::ArrayRef<OldDriver> Drivers, Target To,
                          const MigrateOptions &Options,
                          llvm::MutableArrayRef<DriverResult> Results) {
  for (size_t I = 1; I < Drivers.size(); ++I) {
    DriverResult &R = Results[I];
    llvm::ArrayRef<DriverResult> Earlier = Results.take_front(I);
    if (llvm::none_of(Earlier,
                      [&](const DriverResult &E) { return shareFile(E, R); }))
      continue;
    std::string Problem;
    if (llvm::Expected<NewTexts> Texts =
            textsTogether(Results.take_front(I + 1))) {
      for (size_t J = 0; J <= I && Problem.empty() && Options.Verify; ++J) {
        if (Results[J].Outcome != Status::Converted)
          continue;
        std::unique_ptr<Program> After =
            reparse(Set, Drivers[J].Units, *Texts, To, Problem);
        if (After)
          Problem = verify(Drivers[J], *After, /*Tidy=*/true).Problem;
      }
    } else {
      Problem = llvm::toString(Texts.takeError());
    }
    if (Problem.empty())
      continue;
    R.Changes.clear();
    R.Proof.clear();
    refuseVerdict({"together with the other driver of its file: " + Problem,
                   {R.MainFile, 0, 0}},
                  R);
  }
}

/// Converts the drivers of one family, whose TUs are \p P.
static void convertProgram(const kbuild::InputSet &Set, Program &P,
                           const MigrateOptions &Options,
                           MigrationResult &Out) {
  P.link();
  AllocFlow Flow(P);
  std::vector<OldDriver> Drivers = findOldDrivers(P, Flow);
  for (const OldDriver &D : Drivers)
    Out.Drivers.push_back(convertDriver(Set, P, Flow, D, Out.To, Options));
  checkTogether(Set, Drivers, Out.To, Options,
                llvm::MutableArrayRef(Out.Drivers).take_back(Drivers.size()));
  for (const NewDriver &N : findNewDrivers(P, Drivers)) {
    // What such a header brings may be of the old model.
    auto Of = llvm::find_if(P.Units, [&](const std::unique_ptr<Unit> &U) {
      return U->TU->input().File == N.File && missingHeader(*U);
    });
    if (Of != P.Units.end()) {
      Out.Failed.push_back({N.File, missingHeader(**Of)->str()});
      continue;
    }
    DriverResult R;
    R.Record = N.RecordName;
    R.Name = "struct " + N.RecordName;
    R.MainFile = N.File;
    R.Files = {N.File};
    R.Outcome = Status::AlreadyNew;
    Out.Drivers.push_back(std::move(R));
  }
}

static void convertFamily(const kbuild::InputSet &Set,
                          llvm::ArrayRef<size_t> Members,
                          const MigrateOptions &Options, MigrationResult &Out) {
  Program P;
  for (size_t I : Members) {
    std::string Problem;
    kbuild::ParseOptions Parse;
    Parse.ExtraArgs = verifyingArgs();
    std::unique_ptr<Unit> U =
        makeUnit(Set, Set.inputs()[I], std::move(Parse), Problem);
    if (U)
      P.Units.push_back(withOldMembers(Set, std::move(U)));
    else
      Out.Failed.push_back({Set.inputs()[I].File, Problem});
  }
  convertProgram(Set, P, Options, Out);
}

/// \p Value as text between processes, and back; false where it is none.
template <typename T> static std::string toText(T Value) {
  WireWriter W;
  W.all(Value);
  return W.take();
}
template <typename T> static bool fromText(llvm::StringRef Text, T &Value) {
  WireReader W(Text);
  W.all(Value);
  return W.fits();
}

/// Those of \p Families that were not converted yet, each in a process.
static void convertInProcesses(const kbuild::InputSet &Set,
                               llvm::ArrayRef<std::vector<size_t>> Families,
                               llvm::ArrayRef<size_t> Left,
                               const MigrateOptions &Options,
                               std::vector<MigrationResult> &Parts) {
  std::vector<std::string> Names;
  for (size_t I : Left)
    Names.push_back(Set.inputs()[Families[I].front()].File);
  auto Ends = kbuild::inProcesses(Names, *Options.Processes, [&](size_t N) {
    MigrationResult Part;
    Part.To = Parts[Left[N]].To;
    convertFamily(Set, Families[Left[N]], Options, Part);
    return toText(std::move(Part));
  });
  for (size_t N = 0; N < Left.size(); ++N) {
    if (fromText(Ends[N].Answer, Parts[Left[N]]))
      continue;
    Parts[Left[N]] = {};
    for (size_t I : Families[Left[N]])
      Parts[Left[N]].Failed.push_back(
          {Set.inputs()[I].File, Ends[N].Why, Ends[N].End});
  }
}

static void convertFamilies(const kbuild::InputSet &Set,
                            llvm::ArrayRef<std::vector<size_t>> Families,
                            std::vector<Survey> &Surveys,
                            const MigrateOptions &Options,
                            MigrationResult &Out) {
  std::vector<MigrationResult> Parts(Families.size());
  std::vector<size_t> Left;
  for (size_t I = 0; I < Families.size(); ++I) {
    std::optional<MigrationResult> &Done = Surveys[Families[I].front()].Done;
    Parts[I].To = Out.To;
    if (Families[I].size() == 1 && Done && Done->To == Out.To)
      Parts[I] = std::move(*Done);
    else
      Left.push_back(I);
  }
  if (Options.Processes) {
    convertInProcesses(Set, Families, Left, Options, Parts);
  } else {
    llvm::DefaultThreadPool Pool(llvm::hardware_concurrency(Set.jobs()));
    for (size_t I : Left)
      Pool.async([&, I] { convertFamily(Set, Families[I], Options, Parts[I]); });
    Pool.wait();
  }
  for (MigrationResult &Part : Parts) {
    llvm::move(Part.Drivers, std::back_inserter(Out.Drivers));
    llvm::move(Part.Failed, std::back_inserter(Out.Failed));
  }
}

static void refuseTooOld(const Survey &S, MigrationResult &Out) {
  DriverResult R;
  R.MainFile = S.File;
  R.Files = {S.File};
  R.Name = llvm::sys::path::filename(S.File).str();
  R.Refusals.push_back({"too-old", S.FirstCall,
                        "the driver uses vfio_add_group_dev, or "
                        "mdev_register_device without vfio_init_group_dev, of "
                        "kernels before 5.13",
                        "convert it to vfio_init_group_dev first"});
  Out.Drivers.push_back(std::move(R));
}

/// The first pass over one TU.
static Survey survey(const kbuild::InputSet &Set, std::unique_ptr<Unit> U,
                     const MigrateOptions &Options) {
  U = withOldMembers(Set, std::move(U));
  Survey S = surveyOf(*U);
  if (!S.Alone || !(S.Old || S.New))
    return S;
  S.Done.emplace();
  S.Done->To = targetOf(S.Gen, Options);
  Program P;
  P.Units.push_back(std::move(U));
  convertProgram(Set, P, Options, *S.Done);
  return S;
}

kbuild::SharingOptions sharingOptions() {
  return {oldModelNames(), globalNames()};
}

/// Surveys the inputs \p Wanted in threads of this process.
static void surveyInThreads(const kbuild::InputSet &Inputs,
                            const std::vector<bool> &Wanted,
                            const MigrateOptions &Options,
                            std::vector<Survey> &Surveys,
                            MigrationResult &Out) {
  llvm::StringMap<size_t> IndexOf;
  for (size_t I = 0; I < Inputs.inputs().size(); ++I)
    IndexOf[Inputs.inputs()[I].File] = I;
  std::mutex Lock;
  UnitMaker Maker;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  kbuild::ParseSummary Summary = kbuild::parseAll(
      Inputs, Maker.watch(std::move(Parse)),
      [&](std::unique_ptr<kbuild::ParsedTU> TU) {
        size_t Index = IndexOf.lookup(TU->input().File);
        Survey S = survey(Inputs, Maker.take(std::move(TU)), Options);
        std::lock_guard<std::mutex> Guard(Lock);
        Surveys[Index] = std::move(S);
      },
      /*Progress=*/true, Wanted);
  for (const kbuild::SkippedInput &F : Summary.Failed)
    Out.Failed.push_back({F.File, F.Reason});
}

static Survey surveyFile(const kbuild::InputSet &Inputs,
                         const kbuild::Input &In,
                         const MigrateOptions &Options) {
  Survey S;
  kbuild::ParseOptions Parse;
  Parse.ExtraArgs = verifyingArgs();
  if (std::unique_ptr<Unit> U =
          makeUnit(Inputs, In, std::move(Parse), S.Problem))
    return survey(Inputs, std::move(U), Options);
  return S;
}

/// Surveys them, each in a process of its own.
static void surveyInProcesses(const kbuild::InputSet &Inputs,
                              const std::vector<bool> &Wanted,
                              const MigrateOptions &Options,
                              std::vector<Survey> &Surveys,
                              MigrationResult &Out) {
  std::vector<size_t> Work;
  std::vector<std::string> Names;
  for (size_t I = 0; I < Wanted.size(); ++I)
    if (Wanted[I]) {
      Work.push_back(I);
      Names.push_back(Inputs.inputs()[I].File);
    }
  if (kbuild::SharedHeaders *Shared = Inputs.sharedHeaders()) {
    kbuild::ParseOptions Parse;
    Parse.ExtraArgs = verifyingArgs();
    Shared->prepare(Work, Parse);
  }
  auto Ends = kbuild::inProcesses(Names, *Options.Processes, [&](size_t N) {
    return toText(surveyFile(Inputs, Inputs.inputs()[Work[N]], Options));
  });
  for (size_t N = 0; N < Work.size(); ++N) {
    Survey &S = Surveys[Work[N]];
    if (!fromText(Ends[N].Answer, S)) {
      S = Survey();
      Out.Failed.push_back({Names[N], Ends[N].Why, Ends[N].End});
    } else if (!S.Problem.empty()) {
      Out.Failed.push_back({Names[N], S.Problem});
    }
  }
}

llvm::Expected<MigrationResult> migrate(const kbuild::InputSet &Inputs,
                                        const MigrateOptions &Options) {
  MigrationResult Out;
  std::vector<Survey> Surveys(Inputs.inputs().size());
  std::vector<bool> Wanted = worthParsing(Inputs);
  if (Options.Processes)
    surveyInProcesses(Inputs, Wanted, Options, Surveys, Out);
  else
    surveyInThreads(Inputs, Wanted, Options, Surveys, Out);
  for (const kbuild::SkippedInput &F : Inputs.skipped())
    Out.Skipped.push_back({F.File, F.Reason});
  Out.To = decideTarget(Surveys, Options);
  if (!Inputs.kernels().empty())
    Out.Kernel = Inputs.kernels().front().Name;
  std::vector<std::vector<size_t>> Families;
  for (std::vector<size_t> &Family : familiesOf(Surveys)) {
    bool Matters = false;
    for (size_t I : Family) {
      Matters |= Surveys[I].Old || Surveys[I].New;
      if (Surveys[I].TooOld)
        refuseTooOld(Surveys[I], Out);
    }
    if (Matters)
      Families.push_back(std::move(Family));
  }
  convertFamilies(Inputs, Families, Surveys, Options, Out);
  // What holds no driver may be a syntax tree without its headers.
  if (Out.Drivers.empty())
    for (const Survey &S : Surveys)
      if (!S.FirstError.empty())
        Out.Failed.push_back({S.File, S.FirstError});
  return Out;
}

llvm::Error dumpFacts(const kbuild::InputSet &Inputs, llvm::raw_ostream &OS) {
  std::map<std::string, TUFacts> All;
  std::mutex Lock;
  kbuild::ParseSummary Summary =
      kbuild::parseAll(Inputs, {}, [&](std::unique_ptr<kbuild::ParsedTU> TU) {
        TUFacts F = extractFacts(TUModel(TU->context()));
        F.File = TU->input().File;
        std::lock_guard<std::mutex> Guard(Lock);
        All[F.File] = std::move(F);
      });
  llvm::json::Array Out;
  for (const auto &[File, F] : All)
    Out.push_back(toJSON(F));
  OS << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(Out)));
  for (const kbuild::SkippedInput &F : Summary.Failed)
    return llvm::createStringError(F.File + ": " + F.Reason);
  return llvm::Error::success();
}

} // namespace vfio::rewriter
