//===- WholeFile.h - Reports on their way to a file
//-------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_WHOLEFILE_H
#define VFIO_REPORT_WHOLEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace vfio {

/// Writes \p Text to \p File ("-": standard output), which never holds a part
/// of it only.
llvm::Error writeWholeFile(const std::string &File, llvm::StringRef Text);

/// Fails where it can be told already that \p File cannot be written: before the
/// work of which it is to hold the result.
llvm::Error checkWritable(llvm::StringRef File);

enum class ReportKind { Json, Sarif, Html };

/// The kind of report that the ending of \p File asks for, or one line that
/// says that it asks for none.
llvm::Expected<ReportKind> reportKindOf(llvm::StringRef File);

} // namespace vfio

#endif // VFIO_REPORT_WHOLEFILE_H
