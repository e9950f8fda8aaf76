//===- Report.h - What a run found, for reading later ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_REPORT_H
#define VFIO_REWRITER_REPORT_H

#include "rewriter/Result.h"
#include "llvm/Support/Error.h"
#include <string>

namespace vfio::rewriter {

/// Writes \p Result to \p File: .json, .sarif or .html.
llvm::Error writeReport(const MigrationResult &Result, const std::string &File);

/// The kinds of report, as text.
llvm::Expected<std::string> jsonReport(const MigrationResult &Result);
llvm::Expected<std::string> sarifReport(const MigrationResult &Result);
llvm::Expected<std::string> htmlReport(const MigrationResult &Result);

/// "converted", "already-new", "refused": the words of all reports.
llvm::StringRef outcomeName(Status Outcome);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_REPORT_H
