//===- Report.cpp - What a run found, for reading later -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "rewriter/Report.h"
#include "rewriter/ExternalTool.h"
#include "rewriter/Fixes.h"
#include "llvm/Support/Path.h"

namespace vfio::rewriter {

namespace {
/// A kind of report and who makes it.
struct ReportKind {
  llvm::StringRef Ending;
  llvm::Expected<std::string> (*Make)(const MigrationResult &);
};
} // namespace

static const ReportKind Kinds[] = {
    {".json", jsonReport}, {".sarif", sarifReport}, {".html", htmlReport}};

static const ReportKind *findKind(llvm::StringRef File) {
  for (const ReportKind &Kind : Kinds)
    if (llvm::sys::path::extension(File) == Kind.Ending)
      return &Kind;
  return nullptr;
}

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

llvm::Error checkReportName(const std::string &File) {
  if (findKind(File))
    return llvm::Error::success();
  return problem("--report=" + File +
                 ": the name must end in .json, .sarif or .html");
}

llvm::Error writeReport(const MigrationResult &Result,
                        const std::string &File) {
  const ReportKind *Kind = findKind(File);
  if (!Kind)
    return checkReportName(File);
  llvm::Expected<std::string> Text = Kind->Make(Result);
  if (!Text)
    return Text.takeError();
  return writeWholeFile(File, *Text);
}

} // namespace vfio::rewriter
