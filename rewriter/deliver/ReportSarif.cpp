//===- ReportSarif.cpp - The report for code scanning ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/Sarif.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/Report.h"
#include "rewriter/deliver/Summary.h"
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

namespace {
class SarifWriter {
public:
  explicit SarifWriter(const MigrationResult &Result)
      : Result(Result), Tree(sourceTreeOf(Result.Drivers.empty()
                                              ? Result.Root + "/."
                                              : Result.Drivers.front().MainFile,
                                          Result.Root)) {}
  llvm::Expected<std::string> write();

private:
  json::Object result(StringRef Rule, StringRef Level, StringRef Message,
                      const Place &Where) const;
  llvm::Expected<json::Object> converted(const DriverResult &D) const;
  llvm::Expected<json::Array> results() const;
  json::Array notifications() const;
  json::Array rules() const;

  const MigrationResult &Result;
  SourceTree Tree;
};
} // namespace

json::Object SarifWriter::result(StringRef Rule, StringRef Level,
                                 StringRef Message, const Place &Where) const {
  return json::Object{
      {"ruleId", Rule},
      {"level", Level},
      {"message", sarif::message(Message)},
      {"locations", json::Array{sarif::location(Tree, Where.File, Where.Line,
                                                Where.Column)}}};
}

llvm::Expected<json::Object>
SarifWriter::converted(const DriverResult &D) const {
  Place Where = D.Plan.empty() ? Place{D.MainFile, 1, 0} : D.Plan.front().Where;
  json::Object O = result("old-life-cycle", "note",
                          "the device of struct " + D.Record +
                              " can move to "
                              "vfio_alloc_device() and vfio_put_device()",
                          Where);
  if (D.Changes.empty())
    return O;
  llvm::Expected<json::Object> Fix =
      sarif::fix(Tree, "Use the new device life cycle helpers", D.Changes);
  if (!Fix)
    return Fix.takeError();
  O["fixes"] = json::Array{std::move(*Fix)};
  return O;
}

llvm::Expected<json::Array> SarifWriter::results() const {
  json::Array All;
  for (const DriverResult &D : Result.Drivers) {
    for (const Refusal &R : D.Refusals)
      All.push_back(result(
          refusalKind(R.Id).Id, "warning",
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
    All.push_back(sarif::notification(Tree, Level, F.Reason, F.File));
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
    All.push_back(json::Object{
        {"id", R.Id}, {"shortDescription", sarif::message(R.Meaning)}});
  for (const RefusalKind &K : refusalKinds())
    All.push_back(json::Object{{"id", K.Id},
                               {"shortDescription", sarif::message(K.Meaning)},
                               {"help", sarif::message(K.WhatToDo)}});
  return All;
}

llvm::Expected<std::string> SarifWriter::write() {
  llvm::Expected<json::Array> Results = results();
  if (!Results)
    return Results.takeError();
  return sarif::text(Tree, {"vfio-migrate", VFIO_VERSION, rules(),
                            std::move(*Results), notifications(),
                            Result.Failed.empty()});
}

llvm::Expected<std::string> sarifReport(const MigrationResult &Result) {
  return SarifWriter(Result).write();
}

} // namespace vfio::rewriter
