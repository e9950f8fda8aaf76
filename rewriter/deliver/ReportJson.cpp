//===- ReportJson.cpp - The report for scripts ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "report/Diff.h"
#include "rewriter/Refusals.h"
#include "rewriter/deliver/Report.h"
#include "rewriter/deliver/Summary.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace vfio::rewriter {

namespace json = llvm::json;

/// A source may hold any bytes, JSON only UTF-8.
static json::Value text(llvm::StringRef S) { return json::fixUTF8(S); }

static json::Array texts(const std::vector<std::string> &Strings) {
  json::Array Result;
  for (const std::string &S : Strings)
    Result.push_back(text(S));
  return Result;
}

static json::Object placed(const Place &Where) {
  return json::Object{{"file", text(Where.File)},
                      {"line", Where.Line},
                      {"column", Where.Column}};
}

static json::Array steps(const std::vector<Step> &Steps) {
  json::Array Result;
  for (const Step &S : Steps) {
    json::Object O = placed(S.Where);
    O["step"] = text(S.Name);
    O["what"] = text(S.What);
    O["why"] = text(S.Why);
    Result.push_back(std::move(O));
  }
  return Result;
}

static json::Array refusals(const std::vector<Refusal> &Refusals) {
  json::Array Result;
  for (const Refusal &R : Refusals) {
    json::Object O = placed(R.Where);
    O["id"] = text(refusalKind(R.Id).Id.str());
    O["reason"] = text(R.Reason);
    O["toDo"] = text(R.WhatToDo);
    Result.push_back(std::move(O));
  }
  return Result;
}

static json::Array events(const std::vector<PathEvents> &Events) {
  json::Array Result;
  for (const PathEvents &P : Events)
    Result.push_back(json::Object{{"function", text(P.Function)},
                                  {"path", text(P.Path)},
                                  {"before", texts(P.Before.texts())},
                                  {"after", texts(P.After.texts())}});
  return Result;
}

static json::Array notParsed(const std::vector<NotParsed> &Files) {
  json::Array Result;
  for (const NotParsed &F : Files)
    Result.push_back(
        json::Object{{"file", text(F.File)}, {"reason", text(F.Reason)}});
  return Result;
}

static llvm::Expected<json::Object> driver(const DriverResult &D,
                                           const std::string &Root) {
  json::Array Changed;
  for (const FileChange &C : D.Changes)
    Changed.push_back(text(C.Path));
  llvm::Expected<std::string> Patch =
      unifiedDiff(D.Changes, sourceTreeOf(D.MainFile, Root));
  if (!Patch)
    return Patch.takeError();
  return json::Object{{"name", text(D.Name)},
                      {"record", text(D.Record)},
                      {"mainFile", text(D.MainFile)},
                      {"files", texts(D.Files)},
                      {"outcome", outcomeName(D.Outcome)},
                      {"plan", steps(D.Plan)},
                      {"refusals", refusals(D.Refusals)},
                      {"events", events(D.Events)},
                      {"bugsRemoved", steps(D.BugsRemoved)},
                      {"remarks", texts(D.Remarks)},
                      {"remainingErrors", steps(D.Remaining)},
                      {"verified", !D.Proof.empty() && D.Remaining.empty()},
                      {"proof", texts(D.Proof)},
                      {"changedFiles", std::move(Changed)},
                      {"patch", text(*Patch)}};
}

llvm::Expected<std::string> jsonReport(const MigrationResult &Result) {
  json::Array Drivers;
  for (const DriverResult &D : Result.Drivers) {
    llvm::Expected<json::Object> O = driver(D, Result.Root);
    if (!O)
      return O.takeError();
    Drivers.push_back(std::move(*O));
  }
  Counts C = countOutcomes(Result);
  json::Value Report =
      json::Object{{"tool", "vfio-migrate"},
                   {"version", VFIO_VERSION},
                   {"target", targetName(Result.To)},
                   {"kernel", text(Result.Kernel)},
                   {"root", text(Result.Root)},
                   {"counts", json::Object{{"converted", C.Converted},
                                           {"alreadyNew", C.AlreadyNew},
                                           {"refused", C.Refused},
                                           {"notParsed", C.NotParsed}}},
                   {"drivers", std::move(Drivers)},
                   {"notParsed", notParsed(Result.Failed)},
                   {"skipped", notParsed(Result.Skipped)}};
  return llvm::formatv("{0:2}\n", Report).str();
}

} // namespace vfio::rewriter
