//===- Summary.cpp - The run in words, on the terminal --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Summary.h"
#include "kbuild/PlainText.h"
#include "report/SourceTree.h"
#include "rewriter/Refusals.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

namespace vfio::rewriter {

llvm::StringRef targetName(Target To) {
  return To == Target::DriverFrees ? "6.1" : "6.2";
}

std::string counted(size_t Number, llvm::StringRef Noun) {
  return llvm::utostr(Number) + " " + Noun.str() + (Number == 1 ? "" : "s");
}

std::string placeText(const Place &Where, llvm::StringRef Name) {
  std::string Text = Name.str();
  if (Where.Line)
    Text += ":" + llvm::utostr(Where.Line);
  if (Where.Line && Where.Column)
    Text += ":" + llvm::utostr(Where.Column);
  return Text;
}

static std::string placeText(const Place &Where) {
  return plainText(placeText(Where, shownPath(Where.File)));
}

Counts countOutcomes(const MigrationResult &Result) {
  Counts C;
  for (const DriverResult &D : Result.Drivers)
    switch (D.Outcome) {
    case Status::Converted:
      ++C.Converted;
      break;
    case Status::AlreadyNew:
      ++C.AlreadyNew;
      break;
    case Status::Refused:
      ++C.Refused;
      break;
    }
  C.NotParsed = Result.Failed.size();
  return C;
}

/// One table with the paths of a function down the page, and what happens on
/// each before and after.
static void writeEvents(llvm::raw_ostream &OS, const DriverResult &Driver) {
  if (Driver.Events.empty())
    return;
  OS << "    events on each path:\n";
  llvm::StringRef Function;
  for (const PathEvents &P : Driver.Events) {
    if (Function != P.Function)
      OS << "      " << P.Function << "()\n";
    Function = P.Function;
    OS << "        " << P.Path << "\n"
       << "          before: " << llvm::join(P.Before.texts(), ", ") << "\n"
       << "          after:  " << llvm::join(P.After.texts(), ", ") << "\n";
  }
}

static void writeSteps(llvm::raw_ostream &OS, llvm::StringRef Title,
                       llvm::ArrayRef<Step> Steps) {
  if (Steps.empty())
    return;
  OS << "    " << Title << ":\n";
  for (const Step &S : Steps) {
    OS << "      " << S.Name << " at " << placeText(S.Where) << "\n"
       << "        " << plainText(S.What) << "\n";
    if (!S.Why.empty())
      OS << "        because: " << plainText(S.Why) << "\n";
  }
}

std::string remainingText(const DriverResult &Driver, llvm::StringRef Target) {
  size_t N = Driver.Remaining.size();
  if (!N)
    return {};
  return counted(N, "other error") + (N == 1 ? " keeps" : " keep") +
         " this from building on " + Target.str();
}

/// The rest of what a person has to do, with its lines.
static void writeRemaining(llvm::raw_ostream &OS, const DriverResult &Driver,
                           const SummaryOptions &Options) {
  if (Driver.Remaining.empty())
    return;
  OS << "    not verified: " << remainingText(Driver, Options.Target) << ":\n";
  for (const Step &E : Driver.Remaining)
    OS << "      " << placeText(E.Where) << ": " << E.What << "\n";
}

static void writeConverted(llvm::raw_ostream &OS, const DriverResult &Driver,
                           const SummaryOptions &Options) {
  OS << (Options.Written ? ", written" : "");
  // What does not compile was compared, but is not verified.
  if (Driver.Proof.empty())
    OS << ", NOT VERIFIED\n";
  else
    OS << "\n    " << (Driver.Remaining.empty() ? "verified: " : "compared: ")
       << llvm::join(Driver.Proof, "; ") << "\n";
  writeRemaining(OS, Driver, Options);
  if (Options.Explain)
    return; // the bugs come with the plan
  for (const Step &Bug : Driver.BugsRemoved)
    OS << "    bug not carried over: " << placeText(Bug.Where) << ": "
       << plainText(Bug.What) << "\n";
}

static void writeDriver(llvm::raw_ostream &OS, const DriverResult &Driver,
                        const SummaryOptions &Options) {
  static constexpr const char *Words[] = {"converted", "already new",
                                          "refused"};
  OS << "  " << llvm::left_justify(Words[static_cast<int>(Driver.Outcome)], 11)
     << "  " << plainText(shownPath(Driver.MainFile));
  if (!Driver.Record.empty())
    OS << " (struct " << Driver.Record << ")";
  if (Driver.Outcome == Status::Converted)
    OS << ": " << counted(Driver.Changes.size(), "file");
  if (Driver.Outcome == Status::Converted)
    writeConverted(OS, Driver, Options);
  else
    OS << "\n";
  for (const Refusal &R : Driver.Refusals)
    OS << "    refused: " << refusalKind(R.Id).Id << ": " << placeText(R.Where)
       << ": " << plainText(R.Reason)
       << "\n      to do: " << plainText(R.WhatToDo) << " (docs/refusals.md#"
       << refusalKind(R.Id).Id << ")\n";
  for (const std::string &Remark : Driver.Remarks)
    OS << "    note: " << plainText(Remark) << "\n";
  if (!Options.Explain)
    return;
  writeSteps(OS, "plan", Driver.Plan);
  writeEvents(OS, Driver);
  writeSteps(OS, "bugs not carried over", Driver.BugsRemoved);
}

/// What became of a file that no result came of.
static llvm::StringRef endWord(kbuild::WorkEnd End) {
  switch (End) {
  case kbuild::WorkEnd::Done:
  case kbuild::WorkEnd::NotStarted:
    return "not parsed";
  case kbuild::WorkEnd::TooSlow:
    return "too-slow";
  case kbuild::WorkEnd::TooLarge:
    return "too-large";
  case kbuild::WorkEnd::Crashed:
    return "crashed";
  }
  llvm_unreachable("all ends are named");
}

void writeSummary(llvm::raw_ostream &OS, const MigrationResult &Result,
                  const SummaryOptions &Options) {
  Counts C = countOutcomes(Result);
  OS << "vfio-migrate: to " << targetName(Result.To);
  if (!Result.Kernel.empty())
    OS << ", headers " << Result.Kernel;
  OS << ": " << counted(Result.Drivers.size(), "driver") << ": " << C.Converted
     << " converted, " << C.AlreadyNew << " already new, " << C.Refused
     << " refused";
  if (C.NotParsed)
    OS << "; " << counted(C.NotParsed, "file") << " not parsed";
  if (!Result.Skipped.empty())
    OS << "; " << counted(Result.Skipped.size(), "file") << " skipped";
  OS << "\n";
  SummaryOptions Shown = Options;
  Shown.Target = targetName(Result.To);
  for (const DriverResult &D : Result.Drivers)
    writeDriver(OS, D, Shown);
  for (const std::string &Note : Result.Notes)
    OS << "  note         " << Note << "\n";
  for (const NotParsed &F : Result.Failed)
    OS << "  " << llvm::left_justify(endWord(F.End), 11) << "  "
       << plainText(shownPath(F.File) + ": " + F.Reason) << "\n";
  for (const NotParsed &F : Result.Skipped)
    OS << "  skipped      " << plainText(shownPath(F.File) + ": " + F.Reason)
       << "\n";
}

} // namespace vfio::rewriter
