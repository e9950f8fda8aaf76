//===- Report.h - What a run found, for reading later
//-----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_REPORT_H
#define VFIO_TOOLS_VFIOTIDY_REPORT_H

#include "tools/vfio-tidy/Session.h"

namespace vfio::tidy {

/// Writes what \p S found to the files of --report: .json, .sarif or .html.
llvm::Error writeReports(const Session &S);

/// The kinds of report, as text. Paths are named from \p Tree's root.
std::string jsonReport(const Session &S, const SourceTree &Tree);
llvm::Expected<std::string> sarifReport(const Session &S,
                                        const SourceTree &Tree);
std::string htmlReport(const Session &S, const SourceTree &Tree);

/// How many findings of \p S the baseline knows, and how many --fix mended.
unsigned countKnown(const Session &S);
unsigned countFixed(const Session &S);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_REPORT_H
