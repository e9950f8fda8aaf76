//===- Report.cpp - What a run found, for reading later
//---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/vfio-tidy/Report.h"
#include "report/WholeFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace vfio::tidy {

unsigned countKnown(const Session &S) {
  return unsigned(count_if(S.Found, [](const Finding &F) { return F.Known; }));
}

unsigned countFixed(const Session &S) {
  return unsigned(count_if(S.Found, [](const Finding &F) { return F.Fixed; }));
}

static json::Object spot(const Spot &At, const SourceTree &Tree) {
  json::Object O{{"message", json::fixUTF8(At.Message)}};
  if (!At.File.empty()) {
    O["file"] = json::fixUTF8(Tree.named(At.File));
    O["line"] = At.Line;
    O["column"] = At.Column;
    O["endLine"] = At.EndLine;
    O["endColumn"] = At.EndColumn;
  }
  return O;
}

static json::Array list(ArrayRef<kbuild::SkippedInput> Inputs,
                        const SourceTree &Tree) {
  json::Array All;
  for (const kbuild::SkippedInput &In : Inputs)
    All.push_back(json::Object{{"file", json::fixUTF8(Tree.named(In.File))},
                               {"reason", json::fixUTF8(In.Reason)}});
  return All;
}

/// What of \p Sort there is.
static json::Array unsaid(const Session &S, checks::Unsaid::Sort Sort,
                          const SourceTree &Tree) {
  json::Array All;
  for (const checks::Unsaid &U : S.Unsaid) {
    if (U.What != Sort)
      continue;
    json::Object O{{"file", json::fixUTF8(Tree.named(U.File))},
                   {"line", U.Line},
                   {"column", U.Column},
                   {"reason", json::fixUTF8(U.Why)}};
    if (Sort == checks::Unsaid::NotReported) {
      O["check"] = U.Check;
      O["message"] = json::fixUTF8(U.Subject);
    } else {
      O["function"] = json::fixUTF8(U.Subject);
    }
    All.push_back(std::move(O));
  }
  return All;
}

std::string jsonReport(const Session &S, const SourceTree &Tree) {
  json::Array Findings;
  for (const Finding &F : S.Found) {
    json::Object O = spot(F.Where, Tree);
    O["check"] = F.Check;
    O["level"] = F.Level;
    O["inside"] = F.Inside;
    O["fixable"] = !F.Fix.empty();
    O["known"] = F.Known;
    O["fixed"] = F.Fixed;
    json::Array Notes;
    for (const Spot &Note : F.Notes)
      Notes.push_back(spot(Note, Tree));
    O["notes"] = std::move(Notes);
    Findings.push_back(std::move(O));
  }
  json::Array Sources;
  for (const std::string &File : S.Sources)
    Sources.push_back(json::Object{{"file", json::fixUTF8(Tree.named(File))}});
  unsigned Known = countKnown(S), Fixed = countFixed(S);
  json::Object All{
      {"tool", "vfio-tidy"},
      {"version", VFIO_VERSION},
      {"root", json::fixUTF8(Tree.Root)},
      {"counts", json::Object{{"analysed", S.Analysed},
                              {"unchanged", S.Unchanged},
                              {"findings", S.Found.size() - Known - Fixed},
                              {"fixed", Fixed},
                              {"known", Known}}},
      {"findings", std::move(Findings)},
      {"sources", std::move(Sources)},
      {"failed", list(S.Failed, Tree)},
      {"remarks", list(S.Remarks, Tree)},
      {"errors", list(S.ParseErrors, Tree)},
      {"notFollowed", unsaid(S, checks::Unsaid::NotFollowed, Tree)},
      {"skipped", list(S.Inputs->skipped(), Tree)}};
  if (S.Args.ExplainSilence)
    All["notReported"] = unsaid(S, checks::Unsaid::NotReported, Tree);
  return formatv("{0:2}\n", json::Value(std::move(All))).str();
}

static Error writeReport(const Session &S, const SourceTree &Tree,
                         const std::string &File) {
  Expected<ReportKind> Kind = reportKindOf(File);
  if (!Kind)
    return Kind.takeError();
  Expected<std::string> Text = std::string();
  switch (*Kind) {
  case ReportKind::Json:
    Text = jsonReport(S, Tree);
    break;
  case ReportKind::Sarif:
    Text = sarifReport(S, Tree);
    break;
  case ReportKind::Html:
    Text = htmlReport(S, Tree);
    break;
  }
  if (!Text)
    return Text.takeError();
  return writeWholeFile(File, *Text);
}

/// The deepest folder that all of \p Inputs are in.
static std::string commonFolder(ArrayRef<kbuild::Input> Inputs) {
  StringRef Common = sys::path::parent_path(Inputs.front().File);
  for (const kbuild::Input &In : Inputs)
    while (!isWithin(In.File, Common))
      Common = sys::path::parent_path(Common);
  return Common.str();
}

Error writeReports(const Session &S) {
  const auto &Inputs = S.Inputs->inputs();
  SourceTree Tree;
  if (!Inputs.empty())
    Tree = sourceTreeOf(Inputs.front().File, commonFolder(Inputs));
  for (const std::string &File : S.Args.Reports)
    if (Error E = writeReport(S, Tree, File))
      return E;
  return Error::success();
}

} // namespace vfio::tidy
