//===- ReportSarif.cpp - The report for code scanning
//-----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "report/Sarif.h"
#include "tools/vfio-tidy/Baseline.h"
#include "tools/vfio-tidy/CheckPages.h"
#include "tools/vfio-tidy/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/SHA1.h"
#include <set>

using namespace llvm;

namespace vfio::tidy {

/// What each of our checks finds, in the words of the list of checks.
static StringRef summaryOf(StringRef Check) {
  static const StringMap<StringRef> Summaries = {
#define CHECK(Stem, Name, Generations, FixIts, Summary) {"vfio-" Name, Summary},
#include "checks/Checks.def"
  };
  return Summaries.lookup(Check);
}

static json::Object locationOf(const Spot &At, const SourceTree &Tree) {
  return sarif::location(Tree, At.File, At.Line, At.Column, At.EndLine,
                         At.EndColumn);
}

/// How bad what \p Check finds is: most of it crashes the kernel or corrupts
/// its memory.
static StringRef levelOf(StringRef Check) {
  return StringSwitch<StringRef>(Check)
      .Case("vfio-deprecated-lifecycle", "note")
      .Case("vfio-private-member", "warning")
      .Case("vfio-core-rules", "warning")
      .StartsWith("vfio-", "error")
      .Default("warning");
}

/// The first paragraph of a page, behind its title.
static StringRef firstParagraph(StringRef Page) {
  StringRef Rest = Page.split("\n\n").second;
  return Rest.split("\n\n").first.trim();
}

/// What SARIF says of a check, so that a service can show it.
static json::Object rule(const std::string &Check) {
  StringRef Level = levelOf(Check);
  json::Array Tags{"vfio", "linux-kernel"};
  if (Level == "error")
    Tags.push_back("memory-safety");
  json::Object Rule{{"id", Check},
                    {"defaultConfiguration", json::Object{{"level", Level}}},
                    {"properties", json::Object{{"precision", "high"},
                                                {"tags", std::move(Tags)}}}};
  if (StringRef Summary = summaryOf(Check); !Summary.empty())
    Rule["shortDescription"] = sarif::message(Summary);
  const CheckPage *Page = pageOf(Check);
  if (!Page)
    return Rule;
  Rule["fullDescription"] = sarif::message(firstParagraph(Page->Text));
  Rule["help"] = json::Object{{"text", json::fixUTF8(Page->Text)},
                              {"markdown", json::fixUTF8(Page->Text)}};
  Rule["helpUri"] =
      std::string(VFIO_DOCS_URL "/checks/") + Page->Name.str() + ".md";
  return Rule;
}

/// The story of \p F: what happened before, and then what is wrong.
static json::Object flowOf(const Finding &F, const SourceTree &Tree) {
  std::vector<json::Object> Steps;
  for (const Spot &Note : F.Notes)
    if (!Note.File.empty()) {
      Steps.push_back(locationOf(Note, Tree));
      Steps.back()["message"] = sarif::message(Note.Message);
    }
  Steps.push_back(locationOf(F.Where, Tree));
  Steps.back()["message"] = sarif::message(F.Where.Message);
  return sarif::codeFlow(std::move(Steps));
}

static json::Object result(const Session &S, const Finding &F,
                           const SourceTree &Tree) {
  json::Object Location = locationOf(F.Where, Tree);
  if (!F.Inside.empty())
    Location["logicalLocations"] =
        json::Array{json::Object{{"name", F.Inside}}};
  json::Array Related;
  for (const Spot &Note : F.Notes)
    if (!Note.File.empty()) {
      json::Object At = locationOf(Note, Tree);
      At["message"] = sarif::message(Note.Message);
      Related.push_back(std::move(At));
    }
  std::string Identity = identityOf(F);
  json::Object O{
      {"ruleId", F.Check},
      {"level", F.Level == "error" ? StringRef("error") : levelOf(F.Check)},
      {"message", sarif::message(F.Where.Message)},
      {"locations", json::Array{std::move(Location)}},
      {"relatedLocations", std::move(Related)},
      {"partialFingerprints",
       json::Object{{"vfioTidy/v1",
                     toHex(SHA1::hash(arrayRefFromStringRef(Identity)))}}}};
  if (!F.Notes.empty())
    O["codeFlows"] = json::Array{flowOf(F, Tree)};
  if (!S.Args.Baseline.empty())
    O["baselineState"] = F.Known ? "unchanged" : "new";
  if (!F.Fix.empty())
    O["fixes"] = json::Array{
        sarif::fix(Tree, "Fix " + F.Check, ArrayRef<FileFix>(F.Fix))};
  return O;
}

Expected<std::string> sarifReport(const Session &S, const SourceTree &Tree) {
  sarif::Run Run{"vfio-tidy", VFIO_VERSION, {}, {}, {}, S.Failed.empty()};
  Run.InformationUri = VFIO_DOCS_URL "/README.md";
  std::set<std::string> Checks;
  for (const Finding &F : S.Found) {
    Checks.insert(F.Check);
    Run.Results.push_back(result(S, F, Tree));
  }
  for (const std::string &Check : Checks)
    Run.Rules.push_back(rule(Check));
  for (const kbuild::SkippedInput &In : S.Failed)
    Run.Notifications.push_back(
        sarif::notification(Tree, "error", In.Reason, In.File));
  for (const kbuild::SkippedInput &In : S.Remarks)
    Run.Notifications.push_back(
        sarif::notification(Tree, "warning", In.Reason, In.File));
  for (const checks::Unsaid &U : S.Unsaid)
    if (U.What == checks::Unsaid::NotFollowed)
      Run.Notifications.push_back(
          sarif::notification(Tree, "note", messageOf(U), U.File, U.Line));
  for (const kbuild::SkippedInput &In : S.Inputs->skipped())
    Run.Notifications.push_back(
        sarif::notification(Tree, "note", In.Reason, In.File));
  return sarif::text(Tree, std::move(Run));
}

} // namespace vfio::tidy
