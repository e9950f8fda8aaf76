//===- VfioTidy.cpp - The vfio-tidy program -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "kbuild/Inputs.h"
#include "kbuild/Interrupt.h"
#include "kbuild/Paths.h"
#include "lifecycle/GlobalNames.h"
#include "report/WholeFile.h"
#include "tools/vfio-tidy/Arguments.h"
#include "tools/vfio-tidy/CheckPages.h"
#include "tools/vfio-tidy/ChecksOn.h"
#include "tools/vfio-tidy/Configuration.h"
#include "tools/vfio-tidy/Ledger.h"
#include "tools/vfio-tidy/Matrix.h"
#include "tools/vfio-tidy/Session.h"
#include "tools/vfio-tidy/SharedSearch.h"
#include "tools/vfio-tidy/StepSources.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace vfio::tidy;

namespace clang::tidy {
int clangTidyMain(int Argc, const char **Argv);
} // namespace clang::tidy

/// Prints the page of the check \p Name.
static int explain(StringRef Name) {
  Name.consume_front("vfio-");
  std::string All;
  for (const CheckPage &Page : checkPages()) {
    if (Page.Name == Name) {
      outs() << Page.Text;
      return 0;
    }
    All += (All.empty() ? "vfio-" : ", vfio-") + Page.Name.str();
  }
  sayError("--explain=" + Name + ": there is no such check; there are " + All);
  return 1;
}

/// What the command line says of how sources are compiled.
static vfio::kbuild::InputOptions inputOptions(const Session &S) {
  vfio::kbuild::InputOptions Options;
  Options.Kernel = S.Args.Kernel;
  Options.DatabaseDir = S.Args.Database;
  Options.Paths = S.Args.Paths;
  Options.Jobs = S.Args.Jobs;
  Options.ExtraArgs = S.Args.ExtraArgs;
  Options.Generated = S.Args.Generated;
  Options.ApiNames = namesWorthParsing(S.Args.Checks);
  Options.MayBeEmpty = true;
  // A state of a tree that is not on disk has its own headers.
  if (!S.Args.NoSharedHeaders && S.Args.NewSince.empty() &&
      S.Args.Series.empty())
    Options.Sharing = {{},
                       vfio::globalNames(),
                       /*PassOwnHeaders=*/true,
                       /*WithLinked=*/true};
  return Options;
}

/// Finds the sources of the session, and how they are compiled.
static Error resolve(Session &S) {
  if (!S.Args.Found.empty())
    if (Error E = useSearch(S.Args.Found))
      return E;
  auto Set = vfio::kbuild::resolveInputs(inputOptions(S));
  if (!Set)
    return Set.takeError();
  S.Inputs = std::move(*Set);
  if (!S.Inputs->note().empty() && !S.Args.Quiet)
    sayNote(S.Inputs->note());
  if (!S.Args.Quiet)
    for (const std::string &Line : S.Inputs->borrowed())
      sayNote(Line);
  S.Failed = S.Inputs->unreadable();
  return Error::success();
}

/// clang-tidy's command line for the session.
static std::vector<std::string> tidyCommand(const Session &S,
                                            const char *Program) {
  std::vector<std::string> Command = {Program, "--quiet"};
  const Arguments &Args = S.Args;
  Command.insert(Command.end(), Args.TidyOptions.begin(),
                 Args.TidyOptions.end());
  if (S.Inputs)
    for (const auto &In : S.Inputs->inputs()) {
      if (!S.Part || S.Part->has(In.File))
        Command.push_back(In.File);
    }
  else
    Command.insert(Command.end(), Args.Paths.begin(), Args.Paths.end());
  Command.push_back("--"); // the flags are ours, or these
  Command.insert(Command.end(), Args.OwnFlags.begin(), Args.OwnFlags.end());
  if (!S.Inputs)
    Command.insert(Command.end(), Args.ExtraArgs.begin(), Args.ExtraArgs.end());
  return Command;
}

/// Finds the steps of --new-since and --series.
static Error prepareSteps(Session &S, std::vector<std::string> Files) {
  const Arguments &Args = S.Args;
  if (Args.NewSince.empty() && Args.Series.empty())
    return Error::success();
  if (Files.empty()) // what the steps bring is all there is
    for (const std::string &Path : Args.Paths)
      Files.push_back(vfio::kbuild::realPath(Path) + "/.");
  Expected<std::string> Root =
      gitRootOf(Files, Args.Series.empty() ? "--new-since=" + Args.NewSince
                                           : "--series=" + Args.Series);
  if (!Root)
    return Root.takeError();
  auto Steps = Args.Series.empty() ? stepsSince(*Root, Args.NewSince)
                                   : stepsOfSeries(*Root, Args.Series);
  if (!Steps)
    return Steps.takeError();
  S.Steps = std::move(*Steps);
  return adoptStepSources(S, inputOptions(S));
}

/// Says which of the given folders hold no driver.
static void noteEmptyFolders(const Session &S) {
  // What a patch adds is in none of them yet.
  if (!S.Args.Series.empty() && !S.Inputs->inputs().empty())
    return;
  for (const std::string &Folder : S.Inputs->emptyFolders())
    sayNote(Folder + ": no source in this folder names the VFIO driver API, so "
                     "there is nothing to check");
}

/// What must be right before anything is parsed.
static Error prepare(Session &S) {
  if (Error E = checkConfiguration(S))
    return E;
  const Arguments &Args = S.Args;
  bool HasPaths = S.Inputs || (!Args.isRun() && !Args.Paths.empty());
  if (!HasPaths && !Args.NeedsNoPath)
    return createStringError(inconvertibleErrorCode(), "no path was given");
  std::vector<std::string> Written = Args.Reports;
  Written.insert(Written.end(), {Args.WriteBaseline, Args.ExportFixes});
  for (StringRef File : Written)
    if (!File.empty())
      if (Error E = vfio::checkWritable(File))
        return E;
  if (!S.Args.Baseline.empty()) {
    auto Known = Baseline::read(S.Args.Baseline);
    if (!Known)
      return Known.takeError();
    S.Known = std::move(*Known);
  }
  if (!Args.Shard.empty()) {
    Expected<Shard> Part = Shard::parse(Args.Shard);
    if (!Part)
      return Part.takeError();
    S.Part = *Part;
  }
  Expected<Format> How = formatOf(Args.Format);
  if (!How)
    return How.takeError();
  S.How = *How;
  if (!S.Inputs)
    return Error::success();
  std::vector<std::string> Files;
  for (const vfio::kbuild::Input &In : S.Inputs->inputs())
    Files.push_back(In.File);
  if (Error E = prepareSteps(S, Files))
    return E;
  noteEmptyFolders(S);
  if (S.Args.Revision.empty())
    return Error::success();
  auto Changed = ChangedLines::since(S.Args.Revision, Files);
  if (!Changed)
    return Changed.takeError();
  S.Changed = std::move(*Changed);
  return Error::success();
}

/// Prints the flags of the session's sources for other tools.
static void printDatabase(const vfio::kbuild::InputSet &Inputs) {
  json::Array All;
  for (const clang::tooling::CompileCommand &Command :
       Inputs.getAllCompileCommands())
    All.push_back(
        json::Object{{"directory", Command.Directory},
                     {"file", Command.Filename},
                     {"arguments", json::Array(Command.CommandLine)}});
  outs() << formatv("{0:2}", json::Value(std::move(All))) << '\n';
}

/// The status where no source has to be looked at by this run; none where one
/// has.
static std::optional<int>
answerWithout(Session &S, ArrayRef<const char *> Words, const char *Program) {
  if (S.Args.Help || Words.empty()) {
    outs() << HelpText;
    return S.Args.Help ? 0 : 1;
  }
  if (S.Args.Version) {
    outs() << "vfio-tidy " VFIO_VERSION ", LLVM " LLVM_VERSION_STRING "\n";
    return 0;
  }
  if (!S.Args.Explain.empty())
    return explain(S.Args.Explain);
  if (S.Args.Kernels.size() > 1 ||
      (S.Args.Kernels.size() == 1 && S.Args.Kernels.front() == "all")) {
    static int Anchor;
    Expected<int> Status =
        runMatrix(S.Args, sys::fs::getMainExecutable(Program, &Anchor), Words);
    if (Status)
      return *Status;
    sayError(toString(Status.takeError()));
    return 1;
  }
  if (S.Args.MergeReports.empty())
    return std::nullopt;
  if (Error E = mergeReports(S.Args.MergeReports, S.Args.Paths)) {
    sayError(toString(std::move(E)));
    return 1;
  }
  return 0;
}

/// Has clang-tidy run over the sources of \p S.
static int runTidy(Session &S, const char *Program) {
  auto IsMine = [](const vfio::kbuild::Input &In) {
    return !TheSession.Part || TheSession.Part->has(In.File);
  };
  if (S.Inputs && none_of(S.Inputs->inputs(), IsMine))
    return closeLedger(S, 0);
  std::vector<std::string> Command = tidyCommand(S, Program);
  std::vector<const char *> Pointers;
  for (const std::string &Arg : Command)
    Pointers.push_back(Arg.c_str());
  int Status =
      clang::tidy::clangTidyMain(int(Pointers.size()), Pointers.data());
  return S.Inputs && S.Ran ? closeLedger(S, Status) : Status;
}

static int run(int Argc, const char **Argv) {
  Session &S = TheSession;
  ArrayRef<const char *> Words(Argv + 1, Argv + Argc);
  Expected<Arguments> Args = parseArguments(Words);
  if (!Args) {
    sayError(toString(Args.takeError()));
    return 1;
  }
  S.Args = std::move(*Args);
  if (std::optional<int> Status = answerWithout(S, Words, Argv[0]))
    return *Status;

  // A database alone stands for all of its sources.
  bool WholeDatabase = S.Args.Paths.empty() && !S.Args.Database.empty();
  if ((WholeDatabase || !S.Args.Paths.empty()) && !S.Args.HasOwnFlags)
    if (Error E = resolve(S)) {
      sayError(toString(std::move(E)));
      return 1;
    }
  if (S.Args.PrintDatabase) {
    if (!S.Inputs)
      sayError("--print-database needs a path, and no flags after '--'");
    else
      printDatabase(*S.Inputs);
    return S.Inputs ? 0 : 1;
  }

  if (Error E = prepare(S)) {
    sayError(toString(std::move(E)));
    return 1;
  }
  return runTidy(S, Argv[0]);
}

int main(int Argc, const char **Argv) {
  vfio::startProgram("vfio-tidy");
  return vfio::checkOutput(run(Argc, Argv));
}
