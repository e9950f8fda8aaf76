//===- Report.cpp - What a run found, for reading later -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/deliver/Report.h"
#include "report/WholeFile.h"
#include "llvm/Support/ErrorHandling.h"

namespace vfio::rewriter {

llvm::StringRef outcomeName(Status Outcome) {
  switch (Outcome) {
  case Status::Converted:
    return "converted";
  case Status::AlreadyNew:
    return "already-new";
  case Status::Refused:
    return "refused";
  }
  llvm_unreachable("all outcomes are named");
}

static llvm::Expected<std::string> reportText(const MigrationResult &Result,
                                              ReportKind Kind) {
  switch (Kind) {
  case ReportKind::Json:
    return jsonReport(Result);
  case ReportKind::Sarif:
    return sarifReport(Result);
  case ReportKind::Html:
    return htmlReport(Result);
  }
  llvm_unreachable("all kinds are made");
}

llvm::Error writeReport(const MigrationResult &Result,
                        const std::string &File) {
  llvm::Expected<ReportKind> Kind = reportKindOf(File);
  if (!Kind)
    return Kind.takeError();
  llvm::Expected<std::string> Text = reportText(Result, *Kind);
  if (!Text)
    return Text.takeError();
  return writeWholeFile(File, *Text);
}

} // namespace vfio::rewriter
