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

#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyOptions.h"
#include "kbuild/Parse.h"
#include "kbuild/PlainText.h"
#include "kbuild/ProcessPool.h"
#include "kbuild/RegularFiles.h"
#include "tools/vfio-tidy/Analysis.h"
#include "tools/vfio-tidy/Compat.h"
#include "tools/vfio-tidy/Session.h"
#include "tools/vfio-tidy/Wire.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace clang;
using namespace clang::tidy;
using namespace llvm;

namespace vfio::tidy {

//===- Which checks are on ------------------------------------------------===//

/// Those of \p Checks, globs with commas between them, that name ours.
static std::vector<std::string> ourGlobs(StringRef Checks) {
  SmallVector<StringRef> Globs;
  SplitString(Checks, Globs, ",\n");
  std::vector<std::string> Ours;
  for (StringRef Glob : Globs) {
    StringRef Name = Glob.trim();
    Name.consume_front("-");
    if (Name.starts_with("vfio"))
      Ours.push_back(Glob.trim().str());
  }
  return Ours;
}

using OptionsSources = ArrayRef<ClangTidyOptionsProvider::OptionsSource>;

static bool isCommandLine(StringRef Source) {
  return Source.starts_with("command-line");
}

/// Whether the .clang-tidy files (those that inherit from each other) were
/// written for a run of our checks too. Those that turn on checks and name none
/// of ours (of a project that holds a kernel tree somewhere below, say) are
/// about other runs and other code.
static bool areForUs(OptionsSources Sources) {
  bool NamesOthers = false, NamesOurs = false;
  for (const auto &[Said, Source] : Sources) {
    if (!Said.Checks || isCommandLine(Source) ||
        Source == ClangTidyOptionsProvider::OptionsSourceTypeDefaultBinary)
      continue;
    NamesOthers = true;
    NamesOurs |= !ourGlobs(*Said.Checks).empty();
  }
  return NamesOurs || !NamesOthers;
}

/// The options of all that have a say: our checks are on; then what the
/// .clang-tidy files for us say, who cannot switch ours off by a "-*" that was
/// written for others, but can by name; then the command line, which can do
/// anything. \p Options are those that clang-tidy itself would use.
static ClangTidyOptions combine(ClangTidyOptions Options,
                                OptionsSources Sources) {
  std::string Others = "-*", Ours = "vfio-*", Explicit;
  Options.HeaderFilterRegex = ".*"; // a driver's headers are its own
  bool ForUs = areForUs(Sources);
  for (const auto &[Said, Source] : Sources) {
    bool ByCommand = isCommandLine(Source);
    if (Source == ClangTidyOptionsProvider::OptionsSourceTypeDefaultBinary ||
        (!ByCommand && !ForUs))
      continue;
    if (Said.HeaderFilterRegex && !Said.HeaderFilterRegex->empty())
      Options.HeaderFilterRegex = Said.HeaderFilterRegex;
    if (!Said.Checks)
      continue;
    if (ByCommand) {
      Explicit += "," + *Said.Checks;
      continue;
    }
    Others += "," + *Said.Checks;
    for (const std::string &Glob : ourGlobs(*Said.Checks))
      Ours += "," + Glob;
  }
  Options.Checks = Others + "," + Ours + Explicit;
  return Options;
}

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

/// Takes the results of a run over folders into the ledger. A source that does
/// not parse has no findings: its syntax tree has holes. Returns what is to be
/// shown: what changed since --diff, and no baseline knows.
static std::vector<ClangTidyError> record(std::vector<Analysis> Results,
                                          SourceTexts &Texts) {
  Session &S = TheSession;
  std::vector<ClangTidyError> All;
  std::vector<FunctionExtent> Declarations;
  for (Analysis &Result : Results) {
    if (!Result.Problem.empty()) {
      S.Failed.push_back({Result.File, Result.Problem});
      continue;
    }
    ++S.Analysed;
    std::move(Result.Errors.begin(), Result.Errors.end(),
              std::back_inserter(All));
    std::move(Result.Functions.begin(), Result.Functions.end(),
              std::back_inserter(Declarations));
  }
  dropRepeated(All);
  llvm::erase_if(All, [&](const ClangTidyError &Error) {
    Finding F = describe(Error, Declarations, Texts);
    if (S.Changed && !S.Changed->touches(F.Where.File, F.FirstLine, F.LastLine))
      return true;
    S.Found.push_back(std::move(F));
    return false;
  });
  if (S.Known)
    S.Gone = S.Known->mark(S.Found);
  std::vector<ClangTidyError> New;
  std::vector<Finding *> Findings;
  for (size_t I = 0; I < All.size(); ++I)
    if (!S.Found[I].Known) {
      New.push_back(All[I]);
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

/// Prints the fixes of \p Errors, for --patch.
static void printPatch(const std::vector<ClangTidyError> &Errors,
                       SourceTexts &Texts) {
  unsigned Dropped = 0;
  std::vector<FileChange> Changes = combinedFixes(Errors, Texts, Dropped);
  if (Dropped)
    sayNote(Twine(Dropped) + " fixes contradict others, and are left out: "
                             "apply these, and run again");
  if (Changes.empty())
    return;
  auto Patch = unifiedDiff(Changes, sourceTreeOf(Changes.front().Path, ""));
  if (Patch)
    outs() << *Patch;
  else
    sayError(toString(Patch.takeError()));
}

/// The file system of \p Set, below what the user may have put over the disk.
static IntrusiveRefCntPtr<vfs::OverlayFileSystem>
fileSystemFor(const kbuild::InputSet *Set,
              IntrusiveRefCntPtr<vfs::OverlayFileSystem> Given) {
  auto Safe = kbuild::onlyRegularFiles(std::move(Given), TheSession.scope());
  if (!Set)
    return makeIntrusiveRefCnt<vfs::OverlayFileSystem>(std::move(Safe));
  IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS = Set->fileSystem();
  FS->pushOverlay(std::move(Safe));
  return FS;
}

/// Says of a file that it does not parse, besides clang's own messages, and
/// takes our checks' back: they saw a syntax tree with holes.
/// Calls \p Work for each of \p Files, each in a process of its own.
static std::vector<Analysis>
analyseAll(ArrayRef<std::string> Files,
           function_ref<Analysis(const std::string &)> Work) {
  const Arguments &Args = TheSession.Args;
  kbuild::WorkLimits Limits;
  Limits.Jobs = TheSession.Inputs ? TheSession.Inputs->jobs() : 1;
  if (Args.TimeLimit)
    Limits.Seconds = Args.TimeLimit;
  if (Args.MemoryLimit)
    Limits.Megabytes = Args.MemoryLimit;
  if (const kbuild::InputSet *Set = TheSession.Inputs.get())
    if (Set->sharedHeaders()) {
      std::vector<size_t> Which;
      for (size_t I = 0; I < Set->inputs().size(); ++I)
        if (is_contained(Files, Set->inputs()[I].File))
          Which.push_back(I);
      Set->sharedHeaders()->prepare(Which, kbuild::ParseOptions());
    }
  auto Ends = kbuild::inProcesses(
      Files, Limits, [&](size_t I) { return encode(Work(Files[I])); });
  std::vector<Analysis> Results;
  for (size_t I = 0; I < Files.size(); ++I) {
    std::optional<Analysis> Result;
    if (Ends[I].End == kbuild::WorkEnd::Done)
      Result = decode(Ends[I].Answer);
    if (!Result) {
      Result.emplace();
      Result->File = Files[I];
      Result->Problem = Ends[I].Why;
    }
    Results.push_back(std::move(*Result));
  }
  return Results;
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

ClangTidyOptions wrapGetOptions(ClangTidyOptionsProvider *Provider,
                                StringRef File) {
  ClangTidyOptions Options = realGetOptions(Provider, File);
  auto Sources = Provider->getRawOptions(File);
  if (Sources.size() == 1)
    return Options; // made by clang-tidy from options that were here before
  return combine(std::move(Options), Sources);
}

std::vector<ClangTidyError> wrapRunClangTidy(
    ClangTidyContext &Context, const tooling::CompilationDatabase &Compilations,
    ArrayRef<std::string> Files, IntrusiveRefCntPtr<vfs::OverlayFileSystem> FS,
    bool ApplyAnyFix, bool EnableCheckProfile,
    StringRef StoreCheckProfile VFIO_QUIET_PARAMETER) {
  const vfio::kbuild::InputSet *Set = TheSession.Inputs.get();
  TheSession.Ran = true;
  AnalysisOptions Options;
  Options.Commands = Set ? Set : &Compilations;
  Options.Inputs = Set;
  Options.RemovedArgs = TheSession.Args.RemovedArgs;
  Options.FixesFromNotes = ApplyAnyFix;
  Options.Profile = EnableCheckProfile;
  Options.ProfilePrefix = StoreCheckProfile;
  auto Work = [&](const std::string &File) {
    // Each source has a file system of its own, with its own working folder.
    Options.FileSystem = fileSystemFor(Set, FS);
    return analyse(Context, Options, File);
  };
  if (Set) {
    SourceTexts Texts(*FS);
    std::vector<ClangTidyError> Shown =
        record(analyseAll(selected(Files), Work), Texts);
    if (!TheSession.Args.Patch)
      return printable(std::move(Shown), *FS);
    printPatch(Shown, Texts);
    return {};
  }
  std::vector<Analysis> Results;
  if (EnableCheckProfile) // its times are kept in this process
    for (const std::string &File : Files)
      Results.push_back(Work(File));
  else
    Results = analyseAll(Files, Work);
  std::vector<ClangTidyError> All;
  for (Analysis &Result : Results) {
    reportProblem(Result);
    std::move(Result.Errors.begin(), Result.Errors.end(),
              std::back_inserter(All));
  }
  return printable(std::move(All), *FS);
}
