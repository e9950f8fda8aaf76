//===- ReportSarif.cpp - The report for code scanning ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SARIF 2.1.0. Clang's own writer wants locations in a SourceManager and knows
// no fixes; what is left of it would be the names of the properties.
//
//===----------------------------------------------------------------------===//
#include "rewriter/Diff.h"
#include "rewriter/Refusals.h"
#include "rewriter/Report.h"
#include "rewriter/Summary.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace vfio::rewriter {

namespace json = llvm::json;
using llvm::StringRef;

namespace {
/// A rule that is no refusal.
struct OwnRule {
  StringRef Id, Meaning;
};
} // namespace
static constexpr OwnRule OwnRules[] = {
    {"old-life-cycle", "A driver uses the old life cycle of a vfio_device, and "
                       "can be migrated as it is"},
    {"bug-removed", "A life cycle bug that the migration does not carry over"}};

static json::Value text(StringRef S) { return json::fixUTF8(S); }

static json::Object message(StringRef S) {
  return json::Object{{"text", text(S)}};
}

/// \p Path as a URI may have it.
static std::string uriPath(StringRef Path) {
  std::string Uri;
  for (char C : Path)
    if (llvm::isAlnum(C) || StringRef("/-._~").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::toHex(StringRef(&C, 1));
  return Uri;
}

namespace {
class SarifWriter {
public:
  explicit SarifWriter(const MigrationResult &Result)
      : Result(Result), Tree(sourceTreeOf(Result.Drivers.empty()
                                              ? Result.Root + "/."
                                              : Result.Drivers.front().MainFile,
                                          Result.Root)) {}
  llvm::Expected<json::Value> write();

private:
  json::Object artifact(StringRef File) const;
  json::Object location(const Place &Where) const;
  json::Object result(StringRef Rule, StringRef Level, StringRef Message,
                      const Place &Where) const;
  llvm::Expected<json::Object> converted(const DriverResult &D) const;
  llvm::Expected<json::Object> artifactChange(const FileChange &C) const;
  llvm::Expected<json::Array> results() const;
  json::Array notifications() const;
  json::Array rules() const;

  const MigrationResult &Result;
  SourceTree Tree;
};
} // namespace

json::Object SarifWriter::artifact(StringRef File) const {
  if (!isWithin(File, Tree.Root))
    return json::Object{{"uri", "file://" + uriPath(File)}};
  return json::Object{{"uri", uriPath(Tree.relative(File))},
                      {"uriBaseId", "SRCROOT"}};
}

json::Object SarifWriter::location(const Place &Where) const {
  json::Object Physical{{"artifactLocation", artifact(Where.File)}};
  if (Where.Line) {
    json::Object Region{{"startLine", Where.Line}};
    if (Where.Column)
      Region["startColumn"] = Where.Column;
    Physical["region"] = std::move(Region);
  }
  return json::Object{{"physicalLocation", std::move(Physical)}};
}

json::Object SarifWriter::result(StringRef Rule, StringRef Level,
                                 StringRef Message, const Place &Where) const {
  return json::Object{{"ruleId", Rule},
                      {"level", Level},
                      {"message", message(Message)},
                      {"locations", json::Array{location(Where)}}};
}

/// The edits of one file, in whole lines.
llvm::Expected<json::Object>
SarifWriter::artifactChange(const FileChange &C) const {
  llvm::Expected<std::vector<LineEdit>> Edits = lineEdits(C.Before, C.After);
  if (!Edits)
    return Edits.takeError();
  std::vector<StringRef> New = linesOf(C.After);
  json::Array Replacements;
  for (const LineEdit &E : *Edits) {
    std::string Inserted;
    for (unsigned I = 0; I < E.NewCount; ++I)
      Inserted += New[E.NewLine + I];
    Replacements.push_back(json::Object{
        {"deletedRegion", json::Object{{"startLine", E.OldLine + 1},
                                       {"startColumn", 1},
                                       {"endLine", E.OldLine + E.OldCount + 1},
                                       {"endColumn", 1}}},
        {"insertedContent", json::Object{{"text", text(Inserted)}}}});
  }
  return json::Object{{"artifactLocation", artifact(C.Path)},
                      {"replacements", std::move(Replacements)}};
}

llvm::Expected<json::Object>
SarifWriter::converted(const DriverResult &D) const {
  json::Array Changes;
  for (const FileChange &C : D.Changes) {
    llvm::Expected<json::Object> Change = artifactChange(C);
    if (!Change)
      return Change.takeError();
    Changes.push_back(std::move(*Change));
  }
  Place Where = D.Plan.empty() ? Place{D.MainFile, 1, 0} : D.Plan.front().Where;
  json::Object O = result("old-life-cycle", "note",
                          "the device of struct " + D.Record +
                              " can move to "
                              "vfio_alloc_device() and vfio_put_device()",
                          Where);
  if (!Changes.empty())
    O["fixes"] = json::Array{json::Object{
        {"description", message("Use the new device life cycle helpers")},
        {"artifactChanges", std::move(Changes)}}};
  return O;
}

llvm::Expected<json::Array> SarifWriter::results() const {
  json::Array All;
  for (const DriverResult &D : Result.Drivers) {
    for (const Refusal &R : D.Refusals)
      All.push_back(result(
          R.Id, "warning",
          "not migrated: " + R.Reason + "; to do: " + R.WhatToDo, R.Where));
    for (const Step &Bug : D.BugsRemoved)
      All.push_back(result("bug-removed", "warning", Bug.What, Bug.Where));
    if (D.Outcome != Status::Converted)
      continue;
    llvm::Expected<json::Object> O = converted(D);
    if (!O)
      return O.takeError();
    All.push_back(std::move(*O));
  }
  return All;
}

json::Array SarifWriter::notifications() const {
  json::Array All;
  auto Add = [&](const NotParsed &F, StringRef Level) {
    All.push_back(json::Object{{"level", Level},
                               {"message", message(F.Reason)},
                               {"locations", json::Array{location({F.File})}}});
  };
  for (const NotParsed &F : Result.Failed)
    Add(F, "error");
  for (const NotParsed &F : Result.Skipped)
    Add(F, "note");
  return All;
}

json::Array SarifWriter::rules() const {
  json::Array All;
  for (const OwnRule &R : OwnRules)
    All.push_back(
        json::Object{{"id", R.Id}, {"shortDescription", message(R.Meaning)}});
  for (const RefusalKind &K : refusalKinds())
    All.push_back(json::Object{{"id", K.Id},
                               {"shortDescription", message(K.Meaning)},
                               {"help", message(K.WhatToDo)}});
  return All;
}

llvm::Expected<json::Value> SarifWriter::write() {
  llvm::Expected<json::Array> Results = results();
  if (!Results)
    return Results.takeError();
  json::Object Driver{
      {"name", "vfio-migrate"}, {"version", VFIO_VERSION}, {"rules", rules()}};
  json::Object Invocation{{"executionSuccessful", Result.Failed.empty()},
                          {"toolExecutionNotifications", notifications()}};
  json::Object Root{{"uri", "file://" + uriPath(Tree.Root) + "/"}};
  json::Object Run{
      {"tool", json::Object{{"driver", std::move(Driver)}}},
      {"invocations", json::Array{std::move(Invocation)}},
      {"originalUriBaseIds", json::Object{{"SRCROOT", std::move(Root)}}},
      {"columnKind", "utf16CodeUnits"},
      {"results", std::move(*Results)}};
  return json::Object{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", json::Array{std::move(Run)}}};
}

llvm::Expected<std::string> sarifReport(const MigrationResult &Result) {
  llvm::Expected<json::Value> Report = SarifWriter(Result).write();
  if (!Report)
    return Report.takeError();
  return llvm::formatv("{0:2}\n", *Report).str();
}

} // namespace vfio::rewriter
