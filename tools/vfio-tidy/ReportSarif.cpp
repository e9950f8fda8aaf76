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
#include "tools/vfio-tidy/Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
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
  return sarif::location(Tree, At.File, At.Line, At.Column);
}

static Expected<json::Object> result(const Session &S, const Finding &F,
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
      {"level", F.Level},
      {"message", sarif::message(F.Where.Message)},
      {"locations", json::Array{std::move(Location)}},
      {"relatedLocations", std::move(Related)},
      {"partialFingerprints",
       json::Object{{"vfioTidy/v1",
                     toHex(SHA1::hash(arrayRefFromStringRef(Identity)))}}}};
  if (!S.Args.Baseline.empty())
    O["baselineState"] = F.Known ? "unchanged" : "new";
  if (F.Fix.empty())
    return std::move(O);
  Expected<json::Object> Fix = sarif::fix(Tree, "Fix " + F.Check, F.Fix);
  if (!Fix)
    return Fix.takeError();
  O["fixes"] = json::Array{std::move(*Fix)};
  return std::move(O);
}

Expected<std::string> sarifReport(const Session &S, const SourceTree &Tree) {
  sarif::Run Run{"vfio-tidy", VFIO_VERSION, {}, {}, {}, S.Failed.empty()};
  std::set<std::string> Checks;
  for (const Finding &F : S.Found) {
    Checks.insert(F.Check);
    Expected<json::Object> O = result(S, F, Tree);
    if (!O)
      return O.takeError();
    Run.Results.push_back(std::move(*O));
  }
  for (const std::string &Check : Checks) {
    json::Object Rule{{"id", Check}};
    if (StringRef Summary = summaryOf(Check); !Summary.empty())
      Rule["shortDescription"] = sarif::message(Summary);
    Run.Rules.push_back(std::move(Rule));
  }
  for (const kbuild::SkippedInput &In : S.Failed)
    Run.Notifications.push_back(
        sarif::notification(Tree, "error", In.Reason, In.File));
  for (const kbuild::SkippedInput &In : S.Inputs->skipped())
    Run.Notifications.push_back(
        sarif::notification(Tree, "note", In.Reason, In.File));
  return sarif::text(Tree, std::move(Run));
}

} // namespace vfio::tidy
