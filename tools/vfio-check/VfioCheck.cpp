//===- VfioCheck.cpp - The vfio-check program ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What "make C=1 CHECK=vfio-check" calls for each source: the compiler's
// arguments as Kbuild has them, the source last. They become a database of one
// command, for vfio-tidy (MODE=report) or for a patch (MODE=patch).
//
//===----------------------------------------------------------------------===//

#include "contracts/ApiTable.h"
#include "kbuild/Interrupt.h"
#include "kbuild/KernelHeaders.h"
#include "kbuild/ModuleSources.h"
#include "kbuild/Paths.h"
#include "kbuild/PlainText.h"
#include "kbuild/TreeScan.h"
#include "report/ExternalTool.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using Words = std::vector<std::string>;

static constexpr char HelpText[] =
    R"(usage: make C=1 CHECK=vfio-check [M=DIR] [MODE=report|patch]
       vfio-check [options] compiler-arguments... file.c

Checks the VFIO drivers among the sources that a kernel build compiles (C=1) or
passes by (C=2), with the very flags of that build; other sources are not parsed.

  MODE=report    print what vfio-tidy finds (default)
  MODE=patch     print a patch: vfio-tidy's fixes, and vfio-migrate's work on a
                 driver of the old life cycle

Options come first: make C=1 CHECK='vfio-check --warnings-as-errors=vfio-*'
  --checks=GLOBS, --warnings-as-errors=GLOBS, --config-file=FILE   as vfio-tidy's
  --help, --version

Exit status: 0 checked, 1 could not work, or a warning is an error: make stops.
)";

static int giveUp(const Twine &Message) {
  errs() << "vfio-check: error: " << vfio::plainText(Message) << '\n';
  return 1;
}

static int giveUp(Error E) { return giveUp(toString(std::move(E))); }

/// True for the options that are vfio-tidy's: no compiler has such.
static bool isTidyOption(StringRef Arg) {
  return Arg.starts_with("--checks=") || Arg.starts_with("--config-file=") ||
         Arg.starts_with("--warnings-as-errors=");
}

namespace {

/// One source, as Kbuild names it.
class SourceCheck {
public:
  SourceCheck(ArrayRef<std::string> Args, StringRef Program)
      : Programs(sys::path::parent_path(Program)) {
    TidyOptions = Args.take_while(isTidyOption);
    Command = {"gcc"};
    Args = Args.drop_front(TidyOptions.size());
    Command.insert(Command.end(), Args.begin(), Args.end());
    File = Command.back();
    sys::fs::make_absolute(File);
  }

  int run(StringRef Mode);

private:
  Error writeDatabase(const vfio::TempFolder &Temp) const;
  int runProgram(StringRef Name, Words Args, raw_ostream &Found);
  bool foundError() const;
  bool isOld() const;
  Expected<bool> isDrivers() const;

  StringRef Programs;
  ArrayRef<std::string> TidyOptions;
  Words Command;
  SmallString<128> File;
  std::string Report; ///< what vfio-tidy found
};

} // namespace

Error SourceCheck::writeDatabase(const vfio::TempFolder &Temp) const {
  SmallString<128> Here;
  if (std::error_code Problem = sys::fs::current_path(Here))
    return vfio::problem("the current folder: " + Problem.message());
  json::Array Arguments;
  for (const std::string &Word : Command)
    Arguments.push_back(json::fixUTF8(Word));
  json::Value Database =
      json::Array{json::Object{{"directory", Here.str()},
                               {"file", File.str()},
                               {"arguments", std::move(Arguments)}}};
  return Temp.write("compile_commands.json", formatv("{0}\n", Database).str());
}

/// True where vfio-tidy's report tells of an error: --warnings-as-errors, or a
/// .clang-tidy file, made one of a warning.
bool SourceCheck::foundError() const {
  auto Buffer = MemoryBuffer::getFile(Report);
  if (!Buffer)
    return false;
  Expected<json::Value> Value = json::parse((*Buffer)->getBuffer());
  if (!Value) {
    consumeError(Value.takeError());
    return false;
  }
  const json::Object *Object = Value->getAsObject();
  const json::Array *List = Object ? Object->getArray("findings") : nullptr;
  return List && any_of(*List, [](const json::Value &Item) {
           const json::Object *Finding = Item.getAsObject();
           return Finding && Finding->getString("level") == "error";
         });
}

/// Runs one of our programs, shows on \p Found what it found, and what it says
/// where it could not work.
int SourceCheck::runProgram(StringRef Name, Words Args, raw_ostream &Found) {
  SmallString<128> Path(Programs);
  sys::path::append(Path, Name);
  auto Run = vfio::runTool(Path, Args);
  if (!Run)
    return giveUp(Run.takeError());
  Found << Run->Output;
  Found.flush();
  if (Run->Status == 1)
    errs() << Run->Errors;
  return Run->Status == 1 || (Run->Status == 2 && foundError()) ? 1 : 0;
}

/// True where the source calls the old life cycle.
bool SourceCheck::isOld() const {
  std::string Text = vfio::kbuild::readText(File);
  return StringRef(Text).contains("init_group_dev") ||
         StringRef(Text).contains("core_init_device");
}

/// True where the source, or another of the same driver, names the VFIO API.
/// Fails where the source itself cannot be read.
Expected<bool> SourceCheck::isDrivers() const {
  std::vector<std::string> Module;
  if (vfio::kbuild::sourceTreeOf(sys::path::parent_path(File)).empty())
    Module = vfio::kbuild::moduleSourcesOf(vfio::kbuild::realPath(File)).Own;
  Module.push_back(File.str().str());
  std::vector<vfio::kbuild::SkippedInput> Unreadable;
  bool Found =
      !vfio::kbuild::scanFiles(Module, vfio::driverApiNames(), 1, Unreadable)
           .empty();
  for (const vfio::kbuild::SkippedInput &In : Unreadable)
    if (In.File == File)
      return vfio::problem(In.File + ": " + In.Reason);
  return Found;
}

int SourceCheck::run(StringRef Mode) {
  if (!sys::fs::is_regular_file(File))
    return giveUp(File + ": no such file; the source comes last");
  if (sys::path::extension(File) != ".c")
    return 0;
  Expected<bool> Matters = isDrivers();
  if (!Matters)
    return giveUp(Matters.takeError());
  if (!*Matters)
    return 0;
  auto Temp = vfio::TempFolder::create();
  if (!Temp)
    return giveUp(Temp.takeError());
  if (Error E = writeDatabase(*Temp))
    return giveUp(std::move(E));
  Words Args = {"-p", Temp->path().str(), File.str().str()};
  Words Tidy = Args;
  Tidy.insert(Tidy.begin(), TidyOptions.begin(), TidyOptions.end());
  Report = *Temp / "report.json";
  // As a compiler's: "make -s" sends a checker's standard output nowhere.
  if (Mode == "report") {
    Tidy.insert(Tidy.begin(), "--report=" + Report);
    return runProgram("vfio-tidy", std::move(Tidy), errs());
  }
  Tidy.insert(Tidy.begin(), "--patch");
  int Status = runProgram("vfio-tidy", std::move(Tidy), outs());
  return isOld() ? std::max(Status, runProgram("vfio-migrate", Args, outs()))
                 : Status;
}

static int run(int Argc, const char **Argv) {
  Words Args(Argv + 1, Argv + Argc);
  if (Args.size() == 1 && (Args[0] == "--help" || Args[0] == "-h")) {
    outs() << HelpText;
    return 0;
  }
  if (Args.size() == 1 && Args[0] == "--version") {
    outs() << "vfio-check " VFIO_VERSION ", LLVM " LLVM_VERSION_STRING "\n";
    return 0;
  }
  std::string Mode = sys::Process::GetEnv("MODE").value_or("report");
  if (Mode != "report" && Mode != "patch")
    return giveUp("MODE=" + Mode + ": must be report or patch");
  if (Args.empty() || StringRef(Args.back()).starts_with("-"))
    return giveUp("no source comes last; see --help");
  static int Anchor;
  std::string Program = sys::fs::getMainExecutable(Argv[0], &Anchor);
  return SourceCheck(Args, Program).run(Mode);
}

int main(int Argc, const char **Argv) {
  vfio::startProgram("vfio-check");
  return vfio::checkOutput(run(Argc, Argv));
}
