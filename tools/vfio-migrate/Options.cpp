//===- Options.cpp - The command line of vfio-migrate ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "report/ExternalTool.h"
#include "report/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VersionTuple.h"
#include <memory>

namespace cl = llvm::cl;

namespace vfio::cli {

static cl::list<std::string> Paths(cl::Positional);
static cl::opt<std::string> Kernel("kernel");
static cl::opt<std::string> Database("p");
static cl::list<std::string> Generated("generated");
static cl::opt<std::string> To("target");
static cl::opt<std::string> KeepOld("keep-old");
static cl::opt<bool> InPlace("i");
static cl::opt<std::string> Patches("patches");
static cl::opt<std::string> Fixes("export-fixes");
static cl::opt<std::string> Report("report");
static cl::opt<bool> Explain("explain");
static cl::opt<bool> DumpFacts("dump-facts");
static cl::opt<bool> NoVerify("no-verify");
static cl::opt<unsigned> Jobs("j", cl::Prefix);
static cl::opt<unsigned> TimeLimit("time-limit");
static cl::opt<unsigned> MemoryLimit("memory-limit");
static cl::opt<bool> NoSharedHeaders("no-shared-headers");

static llvm::ArrayRef<const cl::Option *> ownOptions() {
  static const cl::Option *const All[] = {&Kernel,
                                          &Database,
                                          std::addressof(Generated),
                                          &To,
                                          &KeepOld,
                                          &InPlace,
                                          &Patches,
                                          &Fixes,
                                          &Report,
                                          &Explain,
                                          &DumpFacts,
                                          &NoVerify,
                                          &Jobs,
                                          &TimeLimit,
                                          &MemoryLimit,
                                          &NoSharedHeaders};
  return All;
}

// In the order in which they are needed, on one screen; cl's own help sorts by
// name and has sections.
static constexpr llvm::StringLiteral Help =
    R"(usage: vfio-migrate [options] PATH... [-- CLANG-ARGS]

Moves VFIO drivers to the vfio_alloc_device()/vfio_put_device() life cycle. PATH
is a source file, a driver's folder or a kernel tree. Prints a patch, unless
another output is asked for, and a summary on standard error.

  -i                   change the files in place
  --patches=DIR        write a patch series with a cover letter
  --export-fixes=FILE  write YAML for clang-apply-replacements
  --report=FILE        write a report: .json, .sarif or .html
  --explain            also print plan, events and removed bugs of each driver
  --dump-facts         only print what was understood, as JSON

  --kernel=DIR|6.1     headers, or a series of them (default: newest installed)
  -p DIR, --generated=DIR  compile_commands.json; headers that the build makes
  --target=6.1|6.2     model to write (default: that of the headers)
  --keep-old=VERSION   the result still builds on kernels from VERSION on
  --no-verify          do not verify the result
  -j N                 processes at a time (default: one per core)
  --time-limit=SECONDS, --memory-limit=MIB  for each driver (default: 300, 4096)
  --no-shared-headers  parse the headers of each source anew
  --help, --version

Exit status: 0 all done, 2 something was refused, 1 could not work.
)";

static constexpr llvm::StringLiteral Version =
    "vfio-migrate " VFIO_VERSION ", LLVM " LLVM_VERSION_STRING "\n";

/// What --help or --version among \p Args asks for; empty without them.
static llvm::StringRef textAskedFor(llvm::ArrayRef<const char *> Args) {
  for (llvm::StringRef Arg : Args) {
    if (Arg == "--help" || Arg == "-help" || Arg == "-h")
      return Help;
    if (Arg == "--version")
      return Version;
  }
  return "";
}

/// "5.15": two numbers with a dot.
static std::optional<std::pair<unsigned, unsigned>>
versionOf(llvm::StringRef Text) {
  auto [Major, Minor] = Text.split('.');
  std::pair<unsigned, unsigned> Version;
  if (Major.getAsInteger(10, Version.first) ||
      Minor.getAsInteger(10, Version.second))
    return std::nullopt;
  return Version;
}

static llvm::Error checkKeepOld() {
  if (!KeepOld.getNumOccurrences())
    return llvm::Error::success();
  auto Version = versionOf(KeepOld);
  if (!Version)
    return problem("--keep-old=" + KeepOld +
                   ": must be a kernel version such as 5.15");
  // Before that the driver API was another one, which is not written.
  if (*Version < std::make_pair(5u, 13u))
    return problem("--keep-old=" + KeepOld +
                   ": the oldest kernel that can be kept is 5.13, the first "
                   "with vfio_init_group_dev()");
  return llvm::Error::success();
}

/// The option that \p Name may be a slip of the hand for; empty where none is
/// near.
static std::string nearestOption(llvm::StringRef Name) {
  std::string Best;
  unsigned Least = 3;
  for (const cl::Option *O : ownOptions()) {
    unsigned Distance = O->ArgStr.edit_distance(Name, true, Least);
    if (O->ArgStr.size() < 3 || Distance >= Least)
      continue;
    Least = Distance;
    Best = ("--" + O->ArgStr).str();
  }
  return Best;
}

/// Fails on the first of \p Args that is no option of ours.
static llvm::Error checkNames(llvm::ArrayRef<const char *> Args) {
  for (llvm::StringRef Arg : Args.drop_front()) {
    if (!Arg.starts_with("-") || Arg == "-")
      continue;
    llvm::StringRef Name = Arg.split('=').first.ltrim('-');
    bool Known = llvm::any_of(
        ownOptions(), [&](const cl::Option *O) { return O->ArgStr == Name; });
    unsigned Number;
    if (Known || (Name.consume_front("j") && !Name.getAsInteger(10, Number)))
      continue;
    std::string Near = nearestOption(Name);
    return problem(
        Arg.split('=').first + ": there is no such option; " +
        (Near.empty() ? "see --help" : "did you mean " + Near + "?"));
  }
  return llvm::Error::success();
}

static llvm::Error readTarget(std::optional<rewriter::Target> &Result) {
  if (!To.getNumOccurrences())
    return llvm::Error::success();
  llvm::VersionTuple Version;
  if (Version.tryParse(To) || !Version.getMinor() ||
      Version < llvm::VersionTuple(6, 1))
    return problem("--target=" + To + ": must be a kernel from 6.1 on");
  // The model of 6.2 is that of all later kernels.
  Result = Version < llvm::VersionTuple(6, 2) ? rewriter::Target::DriverFrees
                                              : rewriter::Target::CoreFrees;
  return llvm::Error::success();
}

static llvm::Error checkValues() {
  if (Paths.empty() && Database.empty())
    return problem("no file or folder given" +
                   (Kernel.empty()
                        ? std::string()
                        : ", as '" + Kernel + "' was taken for the kernel") +
                   "; see --help");
  if (llvm::Error E = checkKeepOld())
    return E;
  for (cl::opt<std::string> *O :
       {&Kernel, &Database, &Patches, &Fixes, &Report})
    if (O->getNumOccurrences() && O->empty())
      return problem((O == &Database ? "-" : "--") + O->ArgStr +
                     ": needs a name");
  for (const cl::Option *O : ownOptions())
    if (O != std::addressof(Generated) && O->getNumOccurrences() > 1)
      return problem((O->ArgStr.size() == 1 ? "-" : "--") + O->ArgStr +
                     ": is given twice");
  for (const std::string &File : {Fixes.getValue(), Report.getValue()})
    if (!File.empty())
      if (llvm::Error E = checkWritable(File))
        return E;
  for (cl::opt<unsigned> *O : {&Jobs, &TimeLimit, &MemoryLimit})
    if (O->getNumOccurrences() && !*O)
      return problem((O == &Jobs ? "-" : "--") + O->ArgStr +
                     ": needs a number above 0");
  return llvm::Error::success();
}

llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> Argv) {
  Options Result;
  const auto *End =
      llvm::find_if(Argv, [](llvm::StringRef Arg) { return Arg == "--"; });
  if (End != Argv.end())
    Result.Inputs.ExtraArgs.assign(End + 1, Argv.end());
  llvm::ArrayRef<const char *> Own(Argv.begin(), End);
  Result.Text = textAskedFor(Own).str();
  if (!Result.Text.empty())
    return Result;
  if (llvm::Error E = checkNames(Own))
    return std::move(E);
  // What is left to complain of is a value: this says so in one line, and
  // exits.
  cl::ParseCommandLineOptions(int(Own.size()), Own.data());

  if (llvm::Error E = checkValues())
    return std::move(E);
  if (llvm::Error E = readTarget(Result.Migrate.To))
    return std::move(E);
  Result.Inputs.Kernel = Kernel;
  Result.Inputs.DatabaseDir = Database;
  Result.Inputs.Paths = Paths;
  Result.Inputs.Generated = Generated;
  Result.Inputs.Jobs = Jobs;
  Result.ShareHeaders = !NoSharedHeaders;
  kbuild::WorkLimits &Limits = Result.Migrate.Processes.emplace();
  if (TimeLimit)
    Limits.Seconds = TimeLimit;
  if (MemoryLimit)
    Limits.Megabytes = MemoryLimit;
  Result.Migrate.Verify = !NoVerify;
  Result.Migrate.KeepOld = KeepOld;
  Result.Output.InPlace = InPlace;
  Result.Output.Explain = Explain;
  Result.Output.PatchFolder = Patches;
  Result.Output.FixesFile = Fixes;
  Result.Output.ReportFile = Report;
  Result.Output.Scope = rewriter::scopeOf(Paths, Database);
  Result.DumpFacts = DumpFacts;
  return Result;
}

} // namespace vfio::cli
