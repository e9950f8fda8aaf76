//===- Output.cpp - All that a run gives out ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Output.h"
#include "kbuild/Interrupt.h"
#include "kbuild/PlainText.h"
#include "report/Diff.h"
#include "report/ExternalTool.h"
#include "report/WholeFile.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/Apply.h"
#include "rewriter/deliver/ChangeUnits.h"
#include "rewriter/deliver/Fixes.h"
#include "rewriter/deliver/Report.h"
#include "rewriter/deliver/Series.h"
#include "rewriter/deliver/Summary.h"
#include "llvm/ADT/STLExtras.h"

namespace vfio::rewriter {

int giveUp(llvm::Error E, llvm::raw_ostream &Err) {
  // One line, whatever it was made of.
  std::string Text = llvm::toString(std::move(E));
  std::replace(Text.begin(), Text.end(), '\n', ' ');
  Err << "vfio-migrate: error: " << plainText(Text) << "\n";
  return CouldNotWork;
}

llvm::Error checkOutputOptions(const OutputOptions &Options) {
  if (!Options.PatchFolder.empty())
    if (llvm::Error E = checkPatchFolder(Options.PatchFolder))
      return E;
  if (!Options.ReportFile.empty())
    if (llvm::Error E = reportKindOf(Options.ReportFile).takeError())
      return E;
  return llvm::Error::success();
}

/// A run in which nothing could be looked at: says so, a line each.
static bool nothingWorked(const MigrationResult &Result,
                          llvm::raw_ostream &Err) {
  auto Unparsed = [](const DriverResult &D) {
    return D.Outcome == Status::Refused && D.Refusals.size() == 1 &&
           D.Refusals.front().Id == RefusalId::DoesNotParse;
  };
  if (!llvm::all_of(Result.Drivers, Unparsed))
    return false;
  for (const DriverResult &D : Result.Drivers) {
    const Refusal &R = D.Refusals.front();
    Err << "vfio-migrate: error: "
        << plainText(placeText(R.Where, shownPath(R.Where.File)) + ": " +
                     R.Reason + "; to do: " + R.WhatToDo)
        << "\n";
  }
  for (const NotParsed &F : Result.Failed)
    Err << "vfio-migrate: error: "
        << plainText(shownPath(F.File) + ": " + F.Reason) << "\n";
  if (Result.Drivers.empty() && Result.Failed.empty())
    Err << "vfio-migrate: error: " << plainText(shownPath(Result.Root))
        << ": no VFIO driver found\n";
  return true;
}

/// Writes the files that were asked for beside the sources.
static llvm::Error writeFiles(const MigrationResult &Result,
                              llvm::ArrayRef<ChangeUnit> Units,
                              const OutputOptions &Options,
                              llvm::raw_ostream &Err) {
  if (!Options.PatchFolder.empty())
    if (llvm::Error E = writeSeries(Result, Units, Options.PatchFolder, Err))
      return E;
  if (!Options.FixesFile.empty())
    if (llvm::Error E = writeFixes(Units, Options.FixesFile))
      return E;
  if (!Options.ReportFile.empty())
    if (llvm::Error E = writeReport(Result, Options.ReportFile))
      return E;
  return llvm::Error::success();
}

/// Writes all units in place. Those before one that fails stay written, and
/// are named.
static llvm::Error writeInPlace(llvm::ArrayRef<ChangeUnit> Units) {
  if (llvm::Error E = checkWritable(Units))
    return E;
  std::string Written;
  for (const ChangeUnit &Unit : Units) {
    HoldInterrupts WhileWriting;
    if (llvm::Error E = applyUnit(Unit)) {
      if (Written.empty())
        return E;
      return llvm::joinErrors(std::move(E),
                              problem("(already written:" + Written + ")"));
    }
    for (const FileChange &F : Unit.Files)
      Written += " " + shownPath(F.Path);
  }
  return llvm::Error::success();
}

/// The files of each tree in one patch: to start the program that compares
/// them takes longer than to compare.
static llvm::Error writePatch(const MigrationResult &Result,
                              llvm::ArrayRef<ChangeUnit> Units,
                              llvm::raw_ostream &Out) {
  std::vector<std::pair<SourceTree, std::vector<FileChange>>> Trees;
  for (const ChangeUnit &Unit : Units) {
    if (Unit.Files.empty())
      continue;
    SourceTree Tree = sourceTreeOf(Unit.Files.front().Path, Result.Root);
    auto It = llvm::find_if(
        Trees, [&](const auto &T) { return T.first.Root == Tree.Root; });
    if (It == Trees.end())
      It = Trees.insert(Trees.end(), {std::move(Tree), {}});
    llvm::append_range(It->second, Unit.Files);
  }
  for (const auto &[Tree, Files] : Trees) {
    llvm::Expected<std::string> Patch = unifiedDiff(Files, Tree);
    if (!Patch)
      return Patch.takeError();
    Out << *Patch;
  }
  return llvm::Error::success();
}

int writeOutputs(MigrationResult &Result, const OutputOptions &Options,
                 llvm::raw_ostream &Out, llvm::raw_ostream &Err) {
  if (nothingWorked(Result, Err))
    return CouldNotWork;
  noteOutside(Result, Options.Scope);
  refuseOutside(Result, Options.Scope);
  llvm::Expected<std::vector<ChangeUnit>> Units = changeUnits(Result);
  if (!Units)
    return giveUp(Units.takeError(), Err);
  if (llvm::Error E = writeFiles(Result, *Units, Options, Err))
    return giveUp(std::move(E), Err);
  if (Options.InPlace) {
    if (llvm::Error E = writeInPlace(*Units))
      return giveUp(std::move(E), Err);
  } else if (Options.PatchFolder.empty() && Options.FixesFile.empty() &&
             Options.ReportFile.empty()) {
    if (llvm::Error E = writePatch(Result, *Units, Out))
      return giveUp(std::move(E), Err);
  }
  Out.flush();
  SummaryOptions Summary;
  Summary.Explain = Options.Explain;
  Summary.Written = Options.InPlace;
  writeSummary(Err, Result, Summary);
  Counts C = countOutcomes(Result);
  return C.Refused || C.NotParsed ? SomethingRefused : AllDone;
}

} // namespace vfio::rewriter
