//===- Arguments.cpp - Telling our options from clang-tidy's ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Arguments.h"
#include "report/WholeFile.h"
#include "tools/vfio-tidy/Compat.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

namespace vfio::tidy {

const char HelpText[] =
    R"(usage: vfio-tidy [options] path...           sources, driver folders, kernel trees
       vfio-tidy [options] -p DIR            all of a database
       vfio-tidy [options] file... -- FLAGS  your own flags for clang
Finds life-cycle mistakes in Linux VFIO drivers. The vfio-* checks are on, and
others off, unless --checks or a .clang-tidy file says otherwise.
  --kernel=DIR       kernel headers: /usr/src/linux-headers-*, a kernel tree,
                     /lib/modules/*/build, 6.1 (default: the newest installed);
                     several, or all: a table, a column a kernel
  -p DIR             a compile_commands.json, made by any compiler
  --generated=DIR    headers that the driver's own build makes
  --extra-arg=ARG    one more flag; --removed-arg=ARG one less
  --print-database   print the flags as a compile_commands.json, do no more
  --checks=GLOBS, --config=YAML, --config-file=FILE, --list-checks
                     which checks are on, as with clang-tidy
  --new-since=REV    only what was not there at a commit; A..B: commit by commit
  --series=FILE      the same for a patch, mail box or series; -: standard input
  --diff=REV         only what changed functions bring, since a commit or in A..B
  --format=FORMAT    text, github, gitlab or mail (a reply to a patch)
  --baseline=FILE    only what FILE does not know; --write-baseline=FILE writes
  --fix              apply the fixes; --patch prints them as a diff instead
  --export-fixes=FILE  write them as YAML; --warnings-as-errors=GLOBS
  --report=FILE      write a report: .json, .sarif or .html; once for each file
  --strict           a source with errors outside of the life cycle fails the run
  -q, -v             say less of the run; list what clang could not parse
  -j N               processes at a time (default: one per core)
  --time-limit=SECONDS, --memory-limit=MIB  for each source (default: 300, 4096)
  --no-shared-headers   parse the headers of each source anew
  --unused-suppressions  tell of NOLINT comments that silence none of our checks
  --shard=K/N        one part of N of the sources; --merge-reports=FILE REPORT...
                     joins the reports (.json, .sarif) of all
  --explain=CHECK    print the page of a check
  --explain-silence  list what looks wrong and was not reported, and why
  --help, --version, --help-tidy: the options of clang-tidy, which all work here
Exit status: 0 clean, 1 could not work, 2 findings. With flags after '--' it ends
as clang-tidy does: 1 for an error, else 0.
)";

namespace {

/// An option of ours, and what it sets.
struct OurOption {
  StringRef Name;
  std::string Arguments::*Text = nullptr;
  std::vector<std::string> Arguments::*List = nullptr;
  bool Arguments::*Flag = nullptr;
  unsigned Arguments::*Number = nullptr;

  OurOption(StringRef Name, std::string Arguments::*Text)
      : Name(Name), Text(Text) {}
  OurOption(StringRef Name, std::vector<std::string> Arguments::*List)
      : Name(Name), List(List) {}
  OurOption(StringRef Name, bool Arguments::*Flag) : Name(Name), Flag(Flag) {}
  OurOption(StringRef Name, unsigned Arguments::*Number)
      : Name(Name), Number(Number) {}
};

const OurOption OurOptions[] = {
    {"kernel", &Arguments::Kernels},
    {"p", &Arguments::Database},
    {"generated", &Arguments::Generated},
    {"found", &Arguments::Found},
    {"report", &Arguments::Reports},
    {"diff", &Arguments::Revision},
    {"new-since", &Arguments::NewSince},
    {"series", &Arguments::Series},
    {"format", &Arguments::Format},
    {"explain", &Arguments::Explain},
    {"baseline", &Arguments::Baseline},
    {"write-baseline", &Arguments::WriteBaseline},
    {"extra-arg", &Arguments::ExtraArgs},
    {"extra-arg-before", &Arguments::ExtraArgs},
    {"removed-arg", &Arguments::RemovedArgs},
    {"time-limit", &Arguments::TimeLimit},
    {"memory-limit", &Arguments::MemoryLimit},
    {"no-shared-headers", &Arguments::NoSharedHeaders},
    {"j", &Arguments::Jobs},
    {"jobs", &Arguments::Jobs},
    {"patch", &Arguments::Patch},
    {"print-database", &Arguments::PrintDatabase},
    {"strict", &Arguments::Strict},
    {"explain-silence", &Arguments::ExplainSilence},
    {"unused-suppressions", &Arguments::UnusedSuppressions},
    {"shard", &Arguments::Shard},
    {"merge-reports", &Arguments::MergeReports},
    {"v", &Arguments::Verbose},
    {"verbose", &Arguments::Verbose},
    {"q", &Arguments::Quiet},
    {"quiet", &Arguments::Quiet},
    {"help", &Arguments::Help},
    {"h", &Arguments::Help},
    {"version", &Arguments::Version}};

class ArgumentReader {
public:
  explicit ArgumentReader(ArrayRef<const char *> Args) : Args(Args) {}
  Expected<Arguments> read();

private:
  Error readOption(StringRef Arg);
  Expected<std::string> value(StringRef Name, std::optional<StringRef> Inline);
  Error set(const OurOption &Option, StringRef Name,
            std::optional<StringRef> Inline);
  Error handOn(StringRef Name, StringRef Arg, std::optional<StringRef> Inline);

  ArrayRef<const char *> Args;
  size_t Next = 0;
  Arguments Out;
};

Error fail(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

} // namespace

/// The value of option \p Name: what followed its "=", or the next argument.
Expected<std::string> ArgumentReader::value(StringRef Name,
                                            std::optional<StringRef> Inline) {
  if (Inline) {
    if (Inline->empty())
      return fail(Name + " needs a value");
    return Inline->str();
  }
  if (Next == Args.size())
    return fail(Name + " needs a value");
  return std::string(Args[Next++]);
}

/// True for the words that a switch of clang-tidy takes.
static bool isTruth(StringRef Word) {
  return Word.empty() || Word == "0" || Word == "1" ||
         Word.equals_insensitive("true") || Word.equals_insensitive("false");
}

/// The option that \p Wrong was most likely meant to be, as a question; empty
/// where nothing is near.
static std::string meant(StringRef Wrong) {
  StringRef Best;
  unsigned Least = std::max<unsigned>(2, unsigned(Wrong.size()) / 3) + 1;
  auto Look = [&](StringRef Name) {
    unsigned Distance = Wrong.edit_distance(Name, true, Least);
    if (Distance < Least) {
      Least = Distance;
      Best = Name;
    }
  };
  for (const OurOption &Option : OurOptions)
    Look(Option.Name);
  for (StringRef Option : compat::registeredOptions())
    Look(Option);
  return Best.empty() ? ""
                      : ((Best.size() == 1 ? " (did you mean '-"
                                           : " (did you mean '--") +
                         Best + "'?)")
                            .str();
}

/// Leaves the option to clang-tidy, with the argument that is its value.
Error ArgumentReader::handOn(StringRef Name, StringRef Arg,
                             std::optional<StringRef> Inline) {
  StringRef Bare = Name.ltrim('-');
  auto &Known = cl::getRegisteredOptions();
  auto It = Known.find(Bare);
  if (It == Known.end())
    return fail("there is no option " + Name + meant(Bare) + "; see --help");
  cl::ValueExpected Expected = It->second->getValueExpectedFlag();
  if (Inline && Expected != cl::ValueRequired && !isTruth(*Inline))
    return fail(Name + " takes no value");
  Out.TidyOptions.push_back(Arg.str());
  StringRef Value = Inline.value_or("");
  if (!Inline && Expected == cl::ValueRequired) {
    if (Next == Args.size())
      return fail(Name + " needs a value");
    Value = Args[Next++];
    Out.TidyOptions.push_back(Value.str());
  }
  // clang-tidy would go on without.
  if (Value.empty() && (Bare == "config-file" || Bare == "export-fixes"))
    return fail(Name + " needs a value");
  if (Bare == "export-fixes")
    Out.ExportFixes = Value.str();
  if (Bare == "checks")
    (Out.Checks += ",") += Value;
  Out.Fix |= Bare == "fix" || Bare == "fix-errors" || Bare == "fix-notes";
  Out.NeedsNoPath |= Bare.starts_with("help") || Bare == "list-checks" ||
                     Bare == "dump-config" || Bare == "verify-config" ||
                     Bare == "print-options" || Bare == "print-all-options";
  return Error::success();
}

/// Sets what \p Option is about.
Error ArgumentReader::set(const OurOption &Option, StringRef Name,
                          std::optional<StringRef> Inline) {
  if (Option.Flag) {
    if (Inline)
      return fail(Name + " takes no value");
    Out.*Option.Flag = true;
    return Error::success();
  }
  Expected<std::string> Value = value(Name, Inline);
  if (!Value)
    return Value.takeError();
  if (Option.List) {
    (Out.*Option.List).push_back(std::move(*Value));
    return Error::success();
  }
  if (Option.Text) {
    if (!(Out.*Option.Text).empty())
      return fail(Name + " was given twice: " + Out.*Option.Text + " and " +
                  *Value);
    Out.*Option.Text = std::move(*Value);
    return Error::success();
  }
  unsigned &Number = Out.*Option.Number;
  if (StringRef(*Value).getAsInteger(10, Number) || !Number)
    return fail(Name + " needs a number above 0, not '" + *Value + "'");
  return Error::success();
}

Error ArgumentReader::readOption(StringRef Arg) {
  auto [Name, Rest] = Arg.split('=');
  std::optional<StringRef> Inline;
  if (Name.size() != Arg.size())
    Inline = Rest;
  if (Name.size() > 2 && Name.starts_with("-j") && isDigit(Name[2])) {
    Inline = Name.drop_front(2);
    Name = "-j";
  }
  // clang-tidy takes long options with one dash, too.
  StringRef Bare = Name.ltrim('-');
  if (Bare == "help-tidy") {
    Out.TidyOptions.push_back("--help");
    Out.NeedsNoPath = true;
    return Inline ? fail(Name + " takes no value") : Error::success();
  }
  for (const OurOption &Option : OurOptions)
    if (Option.Name == Bare)
      return set(Option, Name, Inline);
  return handOn(Name, Arg, Inline);
}

Expected<Arguments> ArgumentReader::read() {
  while (Next < Args.size()) {
    StringRef Arg = Args[Next++];
    if (Arg == "--") {
      Out.HasOwnFlags = true;
      Out.OwnFlags.assign(Args.begin() + Next, Args.end());
      break;
    }
    if (!Arg.starts_with("-") || Arg == "-") {
      Out.Paths.push_back(Arg.str());
      continue;
    }
    if (Error E = readOption(Arg))
      return std::move(E);
  }
  if (Out.Kernels.size() == 1 && Out.Kernels.front() != "all")
    Out.Kernel = Out.Kernels.front();
  if (Out.HasOwnFlags && !(Out.Kernels.empty() && Out.Database.empty()))
    return fail("flags after '--' go with neither --kernel nor -p");
  if (Out.HasOwnFlags && Out.isRun())
    return fail("flags after '--' do not go with reports, baselines, --diff, "
                "--patch, -j or limits");
  for (const std::string &Report : Out.Reports)
    if (auto Kind = reportKindOf(Report); !Kind)
      return Kind.takeError();
  bool Steps = !Out.NewSince.empty() || !Out.Series.empty();
  if (!Out.NewSince.empty() && !Out.Series.empty())
    return fail("give --new-since or --series, not both");
  if (Steps && (Out.Fix || Out.Patch || !Out.Revision.empty() ||
                !(Out.Baseline + Out.WriteBaseline).empty()))
    return fail(
        "--new-since and --series do not go with --fix, --patch, --diff "
        "and baselines");
  if (!Out.Format.empty() && (Out.Fix || Out.Patch))
    return fail("--format does not go with --fix and --patch");
  if (!Out.Kernels.empty() && !Out.Database.empty())
    return fail("give --kernel or -p, not both");
  return std::move(Out);
}

Expected<Arguments> parseArguments(ArrayRef<const char *> Args) {
  return ArgumentReader(Args).read();
}

} // namespace vfio::tidy
