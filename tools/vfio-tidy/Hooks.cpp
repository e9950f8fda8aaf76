//===- Hooks.cpp - What clangTidyMain calls in place of its own ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The linker's --wrap sends clangTidyMain's calls of two functions here:
// ClangTidyOptionsProvider::getOptions, where our checks are on by default, and
// runClangTidy, where our flags, header handling and processes come in.
//
//===----------------------------------------------------------------------===//

#include "checks/ModuleReader.h"
#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "kbuild/Parse.h"
#include "kbuild/Paths.h"
#include "kbuild/PlainText.h"
#include "kbuild/ProcessPool.h"
#include "kbuild/RegularFiles.h"
#include "tools/vfio-tidy/Analysis.h"
#include "tools/vfio-tidy/ChecksOn.h"
#include "tools/vfio-tidy/Compat.h"
#include "tools/vfio-tidy/Ledger.h"
#include "tools/vfio-tidy/NewFindings.h"
#include "tools/vfio-tidy/Print.h"
#include "tools/vfio-tidy/Session.h"
#include "tools/vfio-tidy/Suppressions.h"
#include "tools/vfio-tidy/Workers.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>
#include <set>

using namespace clang;
using namespace clang::tidy;
using namespace llvm;

namespace vfio::tidy {

//===- Running the checks -------------------------------------------------===//

/// Forgets what was already seen in another source: headers are shared.
static void dropRepeated(std::vector<ClangTidyError> &Errors) {
  std::set<std::string> Seen;
  llvm::erase_if(Errors, [&Seen](const ClangTidyError &Error) {
    return !Seen.insert(Error.DiagnosticName + '\0' + Error.Message.FilePath +
                        '\0' + std::to_string(Error.Message.FileOffset) + '\0' +
                        Error.Message.Message)
                .second;
  });
}

namespace {
/// What a run over sources came to.
struct Collected {
  std::vector<ClangTidyError> Errors;
  std::vector<Finding> Findings; ///< one for each of Errors
  std::set<std::string> Functions;
};
} // namespace

/// Takes what \p Result does not say into the ledger; functions of headers and
/// of linked sources once.
static void enterUnsaid(const Analysis &Result) {
  for (checks::Unsaid U : Result.Unsaid) {
    U.File = located(U.File, Result.Directory);
    if (!llvm::is_contained(TheSession.Unsaid, U))
      TheSession.Unsaid.push_back(std::move(U));
  }
}

/// Takes what became of \p Result into the ledger. A source whose life cycle
/// does not parse has no findings: its syntax tree has holes.
static void enter(const Analysis &Result, StringRef When) {
  Session &S = TheSession;
  S.Headers.insert(Result.Headers.begin(), Result.Headers.end());
  for (const std::string &E : Result.ParseErrors)
    S.ParseErrors.push_back({Result.File, E});
  if (!Result.Problem.empty())
    return S.Failed.push_back({Result.File, (When + Result.Problem).str()});
  if (Result.NotFollowed.empty()) {
    ++S.Analysed;
    S.Sources.push_back(Result.File);
  } else
    S.Failed.push_back({Result.File, (When + Result.NotFollowed).str()});
  if (!Result.Remark.empty() && Result.NotFollowed.empty())
    S.Remarks.push_back({Result.File, (When + Result.Remark).str()});
  if (When.empty())
    enterUnsaid(Result);
}

/// The findings of \p Results; headers are shared, and told once.
static Collected collect(std::vector<Analysis> Results, SourceTexts &Texts) {
  Collected Out;
  if (TheSession.Args.UnusedSuppressions)
    Out.Errors = unusedSuppressions(Results, Texts);
  Declarations Known;
  for (Analysis &Result : Results) {
    if (!Result.Problem.empty())
      continue;
    for (ClangTidyError &Error : Result.Errors)
      if (Error.DiagnosticName != "clang-diagnostic-error") // a remark
        Out.Errors.push_back(std::move(Error));
    for (const FunctionExtent &F : Result.Functions)
      Out.Functions.insert(F.Name);
    Known.add(Result.Functions, Result.Directory);
  }
  Known.sort();
  dropRepeated(Out.Errors);
  for (const ClangTidyError &Error : Out.Errors)
    Out.Findings.push_back(describe(Error, Known, Texts));
  return Out;
}

/// Whether --diff is about \p F: a bug that a changed function makes may come
/// to light in one that stayed as it was, and a note tells of the former.
static bool concernsTheChange(const Finding &F, const ChangedLines &Changed) {
  return any_of(F.Concerns, [&](const Stretch &S) {
    return Changed.touches(S.File, S.First, S.Last);
  });
}

/// Takes the results of a run over folders into the session. Returns what is to
/// be shown: what changed since --diff, and no baseline knows.
static std::vector<ClangTidyError> record(std::vector<Analysis> Results,
                                          SourceTexts &Texts) {
  Session &S = TheSession;
  for (const Analysis &Result : Results)
    enter(Result, "");
  Collected All = collect(std::move(Results), Texts);
  std::vector<ClangTidyError> Errors;
  for (size_t I = 0; I < All.Errors.size(); ++I) {
    Finding &F = All.Findings[I];
    if (S.Changed && !concernsTheChange(F, *S.Changed))
      continue;
    S.Found.push_back(std::move(F));
    Errors.push_back(std::move(All.Errors[I]));
  }
  if (S.Known)
    S.Gone = S.Known->mark(S.Found);
  std::vector<ClangTidyError> New;
  std::vector<Finding *> Findings;
  for (size_t I = 0; I < Errors.size(); ++I)
    if (!S.Found[I].Known) {
      New.push_back(std::move(Errors[I]));
      Findings.push_back(&S.Found[I]);
    }
  std::vector<bool> Fits = fixesThatFit(New, Texts);
  for (size_t I = 0; I < New.size(); ++I)
    Findings[I]->Fits = Fits[I];
  return New;
}

/// Those of \p Files that --diff is about; the others are counted.
static std::vector<std::string> selected(ArrayRef<std::string> Files) {
  std::vector<std::string> Result;
  for (const std::string &File : Files)
    if (!TheSession.Changed || TheSession.Changed->mayConcern(File))
      Result.push_back(File);
    else
      ++TheSession.Unchanged;
  return Result;
}

/// What \p Set makes up, over the disk with what the user may have put over
/// that, and below the state of a tree.
static IntrusiveRefCntPtr<vfs::OverlayFileSystem>
fileSystemFor(const kbuild::InputSet *Set,
              IntrusiveRefCntPtr<vfs::OverlayFileSystem> Given,
              const TreeState &State) {
  auto Safe = kbuild::onlyRegularFiles(std::move(Given), TheSession.scope());
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS =
      Set ? Set->fileSystemOver(std::move(Safe))
          : makeIntrusiveRefCnt<vfs::OverlayFileSystem>(std::move(Safe));
  if (State.empty())
    return FS;
  IntrusiveRefCntPtr<vfs::InMemoryFileSystem> Texts(
      new vfs::InMemoryFileSystem);
  for (const auto &[Path, Text] : State.Texts)
    Texts->addFile(Path, 0, MemoryBuffer::getMemBuffer(Text, Path));
  FS = makeIntrusiveRefCnt<vfs::OverlayFileSystem>(FS);
  FS->pushOverlay(Texts);
  return FS;
}

/// \p Errors as clang-tidy may print them: a file whose name would move the
/// terminal has another, under which \p FS knows it from now on.
static std::vector<ClangTidyError> printable(std::vector<ClangTidyError> Errors,
                                             vfs::OverlayFileSystem &FS) {
  auto Texts = makeIntrusiveRefCnt<vfs::InMemoryFileSystem>();
  auto Name = [&](std::string &Path) {
    if (isPlainText(Path))
      return;
    std::string Plain = plainText(Path);
    if (auto Text = FS.getBufferForFile(Path))
      Texts->addFile(Plain, 0, std::move(*Text));
    Path = std::move(Plain);
  };
  auto Spell = [&](tooling::DiagnosticMessage &Message) {
    Message.Message = plainText(Message.Message);
    Name(Message.FilePath);
    for (tooling::FileByteRange &Range : Message.Ranges)
      Name(Range.FilePath);
    // A fix could only be written into a file of the other name.
    for (auto Fix = Message.Fix.begin(); Fix != Message.Fix.end();) {
      auto Next = std::next(Fix);
      if (!isPlainText(Fix->first()))
        Message.Fix.erase(Fix);
      Fix = Next;
    }
  };
  for (ClangTidyError &Error : Errors) {
    Spell(Error.Message);
    for (tooling::DiagnosticMessage &Note : Error.Notes)
      Spell(Note);
  }
  FS.pushOverlay(std::move(Texts));
  return Errors;
}

/// Says of a file that it does not parse, besides clang's own messages, and
/// takes our checks' back: they saw a syntax tree with holes.
static void reportProblem(Analysis &Result) {
  if (Result.Problem.empty())
    return;
  llvm::erase_if(Result.Errors, [](const ClangTidyError &Error) {
    return StringRef(Error.DiagnosticName).starts_with("vfio-");
  });
  TheSession.Failed.push_back({Result.File, Result.Problem});
  sayError(Result.File +
           " does not parse, and was not checked: " + Result.Problem);
}

} // namespace vfio::tidy

using namespace vfio::tidy;

// The functions' own names come with the mangled ones, which the linker knows.
ClangTidyOptions realGetOptions(ClangTidyOptionsProvider *Provider,
                                StringRef File) asm(VFIO_REAL_GET_OPTIONS);
ClangTidyOptions wrapGetOptions(ClangTidyOptionsProvider *Provider,
                                StringRef File) asm(VFIO_WRAP_GET_OPTIONS);
std::vector<ClangTidyError> wrapRunClangTidy(
    ClangTidyContext &Context, const tooling::CompilationDatabase &Compilations,
    ArrayRef<std::string> Files, IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS,
    bool ApplyAnyFix, bool EnableCheckProfile,
    StringRef StoreCheckProfile
        VFIO_QUIET_PARAMETER) asm(VFIO_WRAP_RUN_CLANG_TIDY);

// Never called. Where an LLVM has no function of that name any more, nobody
// would come to ours: this does not link then.
void realRunClangTidy() asm(VFIO_REAL_RUN_CLANG_TIDY);
[[gnu::used]] static void (*const RealRunClangTidy)() = realRunClangTidy;

/// \p File, or where its folder is only in a patch, a file of that name in the
/// nearest one that is on disk: there its configuration would be.
static std::string onDisk(StringRef File) {
  SmallString<128> Path(
      vfio::kbuild::nearestDirectory(sys::path::parent_path(File)));
  sys::path::append(Path, sys::path::filename(File));
  return Path.str().str();
}

ClangTidyOptions wrapGetOptions(ClangTidyOptionsProvider *Provider,
                                StringRef Name) {
  std::string File = onDisk(Name);
  ClangTidyOptions Options = realGetOptions(Provider, File);
  auto Sources = Provider->getRawOptions(File);
  if (Sources.size() == 1)
    return Options; // made by clang-tidy from options that were here before
  return withChecksOn(std::move(Options), Sources);
}

namespace {

/// One call of runClangTidy.
class TidyRun {
public:
  TidyRun(ClangTidyContext &Context, AnalysisOptions Options,
          IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS)
      : Context(Context), Options(std::move(Options)), FS(std::move(FS)),
        Set(TheSession.Inputs.get()) {}

  std::vector<ClangTidyError> ownFlags(ArrayRef<std::string> Files);
  std::vector<ClangTidyError> sources(ArrayRef<std::string> Files);
  void steps(ArrayRef<std::string> Files);

private:
  std::vector<Analysis> analyse(ArrayRef<std::string> Files,
                                const TreeState &State);
  StateFindings findingsOf(ArrayRef<std::string> Files, const TreeState &State,
                           StringRef When, SourceTexts &Texts);

  ClangTidyContext &Context;
  AnalysisOptions Options;
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS;
  const vfio::kbuild::InputSet *Set;
};

} // namespace

std::vector<Analysis> TidyRun::analyse(ArrayRef<std::string> Files,
                                       const TreeState &State) {
  std::unique_ptr<ModuleTrees> Trees;
  bool OverDisk = llvm::any_of(TheSession.Args.TidyOptions, [](StringRef Arg) {
    return Arg.contains("vfsoverlay");
  });
  Options.Trees = nullptr;
  vfio::checks::readingPolicy().Tree = nullptr;
  if (Set && !OverDisk && State.empty()) {
    Trees = std::make_unique<ModuleTrees>(*Set);
    Options.Trees = Trees.get();
    vfio::checks::readingPolicy().Tree = [&](StringRef Asker, StringRef File,
                                             std::string &Problem) {
      return Trees->linked(Asker, File, Problem);
    };
  }
  // In a folder, those who use what a source has are sources of the same run.
  vfio::checks::readingPolicy().Users =
      llvm::any_of(TheSession.Args.Paths, [](const std::string &Path) {
        return !sys::fs::is_directory(Path);
      });
  auto Work = [&](const std::string &File) {
    // Each source has a file system of its own, with its own working folder.
    Options.FileSystem = fileSystemFor(Set, FS, State);
    return vfio::tidy::analyse(Context, Options, File);
  };
  return analyseAll(Files, Work);
}

std::vector<ClangTidyError> TidyRun::ownFlags(ArrayRef<std::string> Files) {
  auto Work = [&](const std::string &File) {
    Options.FileSystem = fileSystemFor(nullptr, FS, {});
    return vfio::tidy::analyse(Context, Options, File);
  };
  std::vector<Analysis> Results;
  if (Options.Profile) // its times are kept in this process
    for (const std::string &File : Files)
      Results.push_back(Work(File));
  else
    Results = analyseAll(Files, Work);
  std::vector<ClangTidyError> All;
  for (Analysis &Result : Results) {
    reportProblem(Result);
    enterUnsaid(Result);
    std::move(Result.Errors.begin(), Result.Errors.end(),
              std::back_inserter(All));
  }
  listUnsaid(TheSession);
  return printable(std::move(All), *FS);
}

std::vector<ClangTidyError> TidyRun::sources(ArrayRef<std::string> Files) {
  SourceTexts Texts(*FS);
  std::vector<ClangTidyError> Shown =
      record(analyse(selected(Files), {}), Texts);
  if (TheSession.Args.Patch) {
    printPatch(Shown, Texts);
    return {};
  }
  if (TheSession.Args.Format.empty())
    return printable(std::move(Shown), *FS);
  Group All;
  All.Texts = &Texts;
  for (const Finding &F : TheSession.Found)
    if (!F.Known)
      All.Findings.push_back(F);
  print(TheSession.How, All, outs());
  return {};
}

/// What \p State shows in \p Files; \p When says of what did not parse that it
/// is of that state.
StateFindings TidyRun::findingsOf(ArrayRef<std::string> Files,
                                  const TreeState &State, StringRef When,
                                  SourceTexts &Texts) {
  std::vector<std::string> There;
  for (const std::string &File : Files)
    if (!State.Missing.count(File) &&
        (State.Texts.count(File) || sys::fs::exists(File)))
      There.push_back(File);
  std::vector<Analysis> Results = analyse(There, State);
  unsigned Before = TheSession.Analysed;
  for (const Analysis &Result : Results)
    enter(Result, When);
  if (!When.empty())
    TheSession.Analysed = Before; // that is not what was asked for
  Collected All = collect(std::move(Results), Texts);
  return {std::move(All.Findings), std::move(All.Functions)};
}

/// For each step, what it brings.
void TidyRun::steps(ArrayRef<std::string> Files) {
  Session &S = TheSession;
  // The texts live as long as what is printed of them.
  std::deque<IntrusiveRefCntPtr<vfs::OverlayFileSystem>> Systems;
  std::deque<SourceTexts> Texts;
  auto TextsOf = [&](const TreeState &State) -> SourceTexts & {
    Systems.push_back(fileSystemFor(Set, FS, State));
    return Texts.emplace_back(*Systems.back());
  };
  std::vector<Group> Groups;
  for (const Step &One : S.Steps) {
    std::vector<std::string> Concerned = concernedBy(One.Changed, Files);
    S.Unchanged += unsigned(Files.size() - Concerned.size());
    SourceTexts &Old = TextsOf(One.Before), &New = TextsOf(One.After);
    StateFindings Before =
        findingsOf(Concerned, One.Before, "before the change: ", Old);
    StateFindings After = findingsOf(Concerned, One.After, "", New);
    markOld(After, Before);
    Group G;
    G.Of = &One;
    G.Texts = &New;
    for (Finding &F : After.Findings)
      if (!F.Known)
        G.Findings.push_back(F);
    S.Found.insert(S.Found.end(), G.Findings.begin(), G.Findings.end());
    Groups.push_back(std::move(G));
  }
  print(S.How, Groups, outs());
}

std::vector<ClangTidyError> wrapRunClangTidy(
    ClangTidyContext &Context, const tooling::CompilationDatabase &Compilations,
    ArrayRef<std::string> Files, IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS,
    bool ApplyAnyFix, bool EnableCheckProfile,
    StringRef StoreCheckProfile VFIO_QUIET_PARAMETER) {
  Session &S = TheSession;
  S.Ran = true;
  AnalysisOptions Options;
  Options.Commands = S.Inputs ? S.Inputs.get() : &Compilations;
  Options.Inputs = S.Inputs.get();
  Options.RemovedArgs = S.Args.RemovedArgs;
  Options.FixesFromNotes = ApplyAnyFix;
  Options.Profile = EnableCheckProfile;
  Options.ProfilePrefix = StoreCheckProfile;
  Options.ExplainSilence = S.Args.ExplainSilence;
  TidyRun Run(Context, std::move(Options), FS);
  if (!S.Inputs)
    return Run.ownFlags(Files);
  if (!S.Args.NewSince.empty() || !S.Args.Series.empty()) {
    Run.steps(Files);
    return {};
  }
  return Run.sources(Files);
}
