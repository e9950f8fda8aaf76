//===- Arguments.cpp - Telling our options from clang-tidy's ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Arguments.h"
#include "report/WholeFile.h"
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
                     /lib/modules/*/build (default: the newest installed)
  -p DIR             a compile_commands.json, made by any compiler
  --extra-arg=ARG    one more flag; --removed-arg=ARG one less
  --print-database   print the flags as a compile_commands.json, do no more
  --checks=GLOBS, --config=YAML, --config-file=FILE, --list-checks
                     which checks are on, as with clang-tidy
  --diff=REV         only in functions that changed since a commit, or in A..B
  --baseline=FILE    only what FILE does not know; --write-baseline=FILE writes
  --fix              apply the fixes; --patch prints them as a diff instead
  --export-fixes=FILE  write them as YAML; --warnings-as-errors=GLOBS
  --report=FILE      write a report: .json, .sarif or .html
  -j N               processes at a time (default: one per core)
  --time-limit=SECONDS  for each source (default: none)
  --help, --version, --help-tidy: the options of clang-tidy, which all work here
Exit status: 0 clean, 1 could not work, 2 findings. A run over single files with
none of -j, --time-limit, --diff, --report, --patch and the baselines ends as
clang-tidy does: 1 for an error, else 0.
)";

namespace {

class ArgumentReader {
public:
  explicit ArgumentReader(ArrayRef<const char *> Args) : Args(Args) {}
  Expected<Arguments> read();

private:
  Error readOption(StringRef Arg);
  Expected<std::string> value(StringRef Name, std::optional<StringRef> Inline);
  Error number(StringRef Name, std::optional<StringRef> Inline, unsigned &Out);
  Error flag(StringRef Name, std::optional<StringRef> Inline, bool &Out);
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

Error ArgumentReader::number(StringRef Name, std::optional<StringRef> Inline,
                             unsigned &Result) {
  Expected<std::string> Text = value(Name, Inline);
  if (!Text)
    return Text.takeError();
  if (StringRef(*Text).getAsInteger(10, Result) || !Result)
    return fail(Name + " needs a number above 0, not '" + *Text + "'");
  return Error::success();
}

Error ArgumentReader::flag(StringRef Name, std::optional<StringRef> Inline,
                           bool &Result) {
  if (Inline)
    return fail(Name + " takes no value");
  Result = true;
  return Error::success();
}

/// True for the words that a switch of clang-tidy takes.
static bool isTruth(StringRef Word) {
  return Word.empty() || Word == "0" || Word == "1" ||
         Word.equals_insensitive("true") || Word.equals_insensitive("false");
}

/// Leaves the option to clang-tidy, with the argument that is its value.
Error ArgumentReader::handOn(StringRef Name, StringRef Arg,
                             std::optional<StringRef> Inline) {
  StringRef Bare = Name.ltrim('-');
  auto &Known = cl::getRegisteredOptions();
  auto It = Known.find(Bare);
  if (It == Known.end())
    return fail("there is no option " + Name + "; see --help");
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
  Out.NeedsNoPath |= Bare.starts_with("help") || Bare == "list-checks" ||
                     Bare == "dump-config" || Bare == "verify-config" ||
                     Bare == "print-options" || Bare == "print-all-options";
  return Error::success();
}

Error ArgumentReader::readOption(StringRef Arg) {
  auto [Name, Rest] = Arg.split('=');
  std::optional<StringRef> Inline;
  if (Name.size() != Arg.size())
    Inline = Rest;
  // clang-tidy takes long options with one dash, too.
  std::string Long = ("--" + Name.ltrim('-')).str();

  std::vector<std::string> *List = nullptr;
  std::string *Text = nullptr;
  if (Long == "--kernel")
    Text = &Out.Kernel;
  else if (Long == "--p")
    Text = &Out.Database;
  else if (Long == "--report")
    Text = &Out.Report;
  else if (Long == "--diff")
    Text = &Out.Revision;
  else if (Long == "--baseline")
    Text = &Out.Baseline;
  else if (Long == "--write-baseline")
    Text = &Out.WriteBaseline;
  else if (Long == "--extra-arg" || Long == "--extra-arg-before")
    List = &Out.ExtraArgs;
  else if (Long == "--removed-arg")
    List = &Out.RemovedArgs;
  if (Text || List) {
    Expected<std::string> Value = value(Name, Inline);
    if (!Value)
      return Value.takeError();
    if (Text)
      *Text = *Value;
    else
      List->push_back(*Value);
    return Error::success();
  }

  if (Long == "--time-limit")
    return number(Name, Inline, Out.TimeLimit);
  if (Name == "-j" || Long == "--jobs")
    return number(Name, Inline, Out.Jobs);
  if (Name.starts_with("-j") && isDigit(Name.substr(2, 1)[0]))
    return number("-j", Name.drop_front(2), Out.Jobs);
  if (Long == "--help" || Name == "-h")
    return flag(Name, Inline, Out.Help);
  if (Long == "--version")
    return flag(Name, Inline, Out.Version);
  if (Long == "--patch")
    return flag(Name, Inline, Out.Patch);
  if (Long == "--print-database")
    return flag(Name, Inline, Out.PrintDatabase);
  if (Long == "--help-tidy") {
    Out.TidyOptions.push_back("--help");
    return flag(Name, Inline, Out.NeedsNoPath);
  }
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
  if (Out.HasOwnFlags && !(Out.Kernel + Out.Database).empty())
    return fail("flags after '--' go with neither --kernel nor -p");
  if (Out.HasOwnFlags && Out.isRun())
    return fail("flags after '--' do not go with reports, baselines, --diff, "
                "--patch, -j or --time-limit");
  if (!Out.Report.empty())
    if (auto Kind = reportKindOf(Out.Report); !Kind)
      return Kind.takeError();
  if (!Out.Kernel.empty() && !Out.Database.empty())
    return fail("give --kernel or -p, not both");
  return std::move(Out);
}

Expected<Arguments> parseArguments(ArrayRef<const char *> Args) {
  return ArgumentReader(Args).read();
}

} // namespace vfio::tidy
