//===- VfioMigrate.cpp - The vfio-migrate program -------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "contracts/ApiTable.h"
#include "kbuild/Inputs.h"
#include "kbuild/Interrupt.h"
#include "kbuild/PlainText.h"
#include "rewriter/Apply.h"
#include "rewriter/Migrate.h"
#include "rewriter/Output.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace vfio;
using namespace vfio::rewriter;
using InputSetOr = llvm::Expected<std::unique_ptr<kbuild::InputSet>>;

/// The sources of this run. A write that was interrupted here is ended first,
/// and may change what there is to find.
static InputSetOr findInputs(const cli::Options &Options) {
  kbuild::InputOptions Wanted = Options.Inputs;
  Wanted.ApiNames = driverApiNames();
  if (Options.ShareHeaders)
    Wanted.Sharing = sharingOptions();
  InputSetOr Set = kbuild::resolveInputs(Wanted);
  if (!Set)
    return Set;
  std::vector<std::string> Files = Options.Output.Scope.Roots;
  for (const kbuild::Input &In : (*Set)->inputs())
    Files.push_back(In.File);
  llvm::Expected<Interrupted> Found =
      recover(Files, Options.Output.Scope, Options.Output.InPlace);
  if (!Found)
    return Found.takeError();
  for (const std::string &Note : Found->Notes)
    llvm::errs() << "vfio-migrate: " << plainText(Note) << "\n";
  if (Found->Ended)
    Set = kbuild::resolveInputs(Wanted);
  if (Set && !(*Set)->note().empty())
    llvm::errs() << "vfio-migrate: " << plainText((*Set)->note()) << "\n";
  return Set;
}

static int run(cli::Options &Options) {
  if (!Options.Text.empty()) {
    llvm::outs() << Options.Text;
    return AllDone;
  }
  if (llvm::Error E = checkOutputOptions(Options.Output))
    return giveUp(std::move(E), llvm::errs());
  InputSetOr Inputs = findInputs(Options);
  if (!Inputs)
    return giveUp(Inputs.takeError(), llvm::errs());
  if (Options.DumpFacts) {
    if (llvm::Error E = dumpFacts(**Inputs, llvm::outs()))
      return giveUp(std::move(E), llvm::errs());
    return AllDone;
  }
  Options.Migrate.Processes->Jobs = (*Inputs)->jobs();
  llvm::Expected<MigrationResult> Result = migrate(**Inputs, Options.Migrate);
  if (!Result)
    return giveUp(Result.takeError(), llvm::errs());
  if (Result->Root.empty())
    Result->Root = commonFolder(Options.Output.Scope);
  return writeOutputs(*Result, Options.Output, llvm::outs(), llvm::errs());
}

int main(int Argc, const char **Argv) {
  startProgram("vfio-migrate");
  llvm::Expected<cli::Options> Options =
      cli::parseOptions({Argv, size_t(Argc)});
  int Status =
      Options ? run(*Options) : giveUp(Options.takeError(), llvm::errs());
  return checkOutput(Status);
}
