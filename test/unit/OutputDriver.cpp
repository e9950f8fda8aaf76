//===- OutputDriver.cpp - The rewriter's output without its planner -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a MigrationResult from JSON and gives it to the output half, so that
// its tests need neither kernel headers nor a driver that can be migrated.
//
//   output-driver PLAN.json [options as vfio-migrate]
//
// PLAN.json holds what `--report=x.json` writes, and in each driver "changes":
// [{"file": "a.c", "after": "new/a.c"}]; files are relative to its folder.
//
//===----------------------------------------------------------------------===//
#include "kbuild/Interrupt.h"
#include "report/ExternalTool.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/Apply.h"
#include "rewriter/deliver/Output.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace vfio::rewriter;
namespace cl = llvm::cl;
namespace json = llvm::json;
namespace path = llvm::sys::path;

static cl::opt<std::string> PlanFile(cl::Positional, cl::Required);
static cl::opt<bool> InPlace("i");
/// Ends what an interrupted -i left, and does no more.
static cl::opt<bool> EndOnly("end");
static cl::opt<bool> Explain("explain");
static cl::opt<std::string> Patches("patches");
static cl::opt<std::string> Fixes("export-fixes");
static cl::opt<std::string> Report("report");
static cl::list<std::string>
    Scope("scope", cl::desc("given paths; default: the folder"));

static std::string Root;

static std::string inRoot(llvm::StringRef File) {
  llvm::SmallString<128> Path(Root);
  path::append(Path, File);
  path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

static std::string textOf(const std::string &File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!Buffer)
    llvm::report_fatal_error(llvm::Twine(File) + ": cannot be read");
  return (*Buffer)->getBuffer().str();
}

static std::string get(const json::Object &O, llvm::StringRef Key) {
  return O.getString(Key).value_or("").str();
}

static Place placeOf(const json::Object &O) {
  return {inRoot(get(O, "file")), unsigned(O.getInteger("line").value_or(0)),
          unsigned(O.getInteger("column").value_or(0))};
}

/// Calls \p Each with every object of the array \p Key.
static void forEach(const json::Object &O, llvm::StringRef Key,
                    llvm::function_ref<void(const json::Object &)> Each) {
  if (const json::Array *Values = O.getArray(Key))
    for (const json::Value &V : *Values)
      Each(*V.getAsObject());
}

static std::vector<std::string> strings(const json::Object &O,
                                        llvm::StringRef Key) {
  std::vector<std::string> Result;
  if (const json::Array *Values = O.getArray(Key))
    for (const json::Value &V : *Values)
      Result.push_back(V.getAsString()->str());
  return Result;
}

static std::vector<Step> stepsOf(const json::Object &O, llvm::StringRef Key) {
  std::vector<Step> Steps;
  forEach(O, Key, [&](const json::Object &S) {
    Steps.push_back(
        {get(S, "step"), placeOf(S), get(S, "what"), get(S, "why")});
  });
  return Steps;
}

/// What happens on one side of a path, by its words.
static PathEvents::Side sideOf(const json::Object &O, llvm::StringRef Key) {
  PathEvents::Side Out;
  for (const std::string &Word : strings(O, Key)) {
    if (Word == "-")
      Out.What = PathEvents::Side::Absent;
    else if (Word == "(in @init)")
      Out.What = PathEvents::Side::InInit;
    for (unsigned I = 0; I <= unsigned(vfio::LifeEvent::Freed); ++I)
      if (textOf(vfio::LifeEvent(I)) == Word)
        Out.Events.push_back(vfio::LifeEvent(I));
  }
  return Out;
}

static DriverResult driverOf(const json::Object &O) {
  DriverResult D;
  D.Name = get(O, "name");
  D.Record = get(O, "record");
  D.MainFile = inRoot(get(O, "mainFile"));
  for (const std::string &F : strings(O, "files"))
    D.Files.push_back(inRoot(F));
  std::string Outcome = get(O, "outcome");
  D.Outcome = Outcome == "converted"     ? Status::Converted
              : Outcome == "already-new" ? Status::AlreadyNew
                                         : Status::Refused;
  D.Plan = stepsOf(O, "plan");
  D.BugsRemoved = stepsOf(O, "bugsRemoved");
  D.Remarks = strings(O, "remarks");
  D.Proof = strings(O, "proof");
  D.Remaining = stepsOf(O, "remainingErrors");
  forEach(O, "refusals", [&](const json::Object &R) {
    std::optional<RefusalId> Id = findRefusal(get(R, "id"));
    if (!Id)
      llvm::report_fatal_error("no such refusal: " + llvm::Twine(get(R, "id")));
    D.Refusals.push_back({*Id, placeOf(R), get(R, "reason"), get(R, "toDo")});
  });
  forEach(O, "events", [&](const json::Object &E) {
    std::string Path = get(E, "path");
    D.Events.push_back({get(E, "function"), Path, Path != "success",
                        sideOf(E, "before"), sideOf(E, "after")});
  });
  forEach(O, "changes", [&](const json::Object &C) {
    std::string File = inRoot(get(C, "file"));
    D.Changes.push_back({File, textOf(File), textOf(inRoot(get(C, "after")))});
  });
  return D;
}

static std::vector<NotParsed> filesOf(const json::Object &O,
                                      llvm::StringRef Key) {
  std::vector<NotParsed> Files;
  forEach(O, Key, [&](const json::Object &F) {
    Files.push_back({inRoot(get(F, "file")), get(F, "reason")});
  });
  return Files;
}

static MigrationResult resultOf(const json::Object &O) {
  MigrationResult R;
  R.To = get(O, "target") == "6.2" ? Target::CoreFrees : Target::DriverFrees;
  R.Kernel = get(O, "kernel");
  R.Root = Root;
  forEach(O, "drivers",
          [&](const json::Object &D) { R.Drivers.push_back(driverOf(D)); });
  R.Failed = filesOf(O, "notParsed");
  R.Skipped = filesOf(O, "skipped");
  return R;
}

/// What the plan's files were, or are after an interrupted run was ended.
static llvm::Error endInterrupted(const json::Object &Plan,
                                  const WriteScope &Scope, bool InPlace) {
  std::vector<std::string> Files;
  forEach(Plan, "drivers", [&](const json::Object &D) {
    forEach(D, "changes", [&](const json::Object &C) {
      Files.push_back(inRoot(get(C, "file")));
    });
  });
  llvm::Expected<Interrupted> Found = recover(Files, Scope, InPlace);
  if (!Found)
    return Found.takeError();
  for (const std::string &Note : Found->Notes)
    llvm::errs() << "vfio-migrate: " << Note << "\n";
  return llvm::Error::success();
}

int main(int Argc, char **Argv) {
  vfio::startProgram("vfio-migrate");
  cl::ParseCommandLineOptions(Argc, Argv);
  llvm::SmallString<128> Real;
  llvm::StringRef Here = path::parent_path(PlanFile);
  llvm::sys::fs::real_path(Here.empty() ? "." : Here, Real);
  Root = std::string(Real);
  llvm::Expected<json::Value> Plan = json::parse(textOf(PlanFile));
  if (!Plan)
    return giveUp(Plan.takeError(), llvm::errs());

  OutputOptions Options;
  Options.InPlace = InPlace;
  Options.Explain = Explain;
  Options.PatchFolder = Patches;
  Options.FixesFile = Fixes;
  Options.ReportFile = Report;
  Options.Scope = scopeOf(Scope, Root);
  if (llvm::Error E = checkOutputOptions(Options))
    return giveUp(std::move(E), llvm::errs());
  if (llvm::Error E = endInterrupted(*Plan->getAsObject(), Options.Scope,
                                     InPlace || EndOnly))
    return giveUp(std::move(E), llvm::errs());
  if (EndOnly)
    return AllDone;
  MigrationResult Result = resultOf(*Plan->getAsObject());
  int Status = writeOutputs(Result, Options, llvm::outs(), llvm::errs());
  return vfio::checkOutput(Status);
}
