//===- Sarif.h - The parts that SARIF reports are made of
//-------------------===//
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
#ifndef VFIO_REPORT_SARIF_H
#define VFIO_REPORT_SARIF_H

#include "report/Diff.h"
#include "llvm/Support/JSON.h"
#include <vector>

namespace vfio::sarif {

/// A message object.
llvm::json::Object message(llvm::StringRef Text);

/// A location; lines and columns count from 1, and 0 is none. The end is behind
/// the last character.
llvm::json::Object location(const SourceTree &Tree, llvm::StringRef File,
                            unsigned Line = 0, unsigned Column = 0,
                            unsigned EndLine = 0, unsigned EndColumn = 0);

/// The flow through \p Locations, which come in the order of what happens.
llvm::json::Object codeFlow(std::vector<llvm::json::Object> Locations);

/// A fix that makes \p Changes, in whole lines.
llvm::Expected<llvm::json::Object> fix(const SourceTree &Tree,
                                       llvm::StringRef Description,
                                       llvm::ArrayRef<FileChange> Changes);

/// The same for changes that are known by line.
llvm::json::Object fix(const SourceTree &Tree, llvm::StringRef Description,
                       llvm::ArrayRef<FileFix> Changes);

/// A notification of the tool's execution about \p File, or a line of it.
llvm::json::Object notification(const SourceTree &Tree, llvm::StringRef Level,
                                llvm::StringRef Message, llvm::StringRef File,
                                unsigned Line = 0);

/// What one run of a program came to.
struct Run {
  llvm::StringRef Tool, Version;
  llvm::json::Array Rules, Results, Notifications;
  bool Successful = true;
  llvm::StringRef InformationUri = {}; ///< empty for none
};

/// The text of the whole report.
std::string text(const SourceTree &Tree, Run What);

} // namespace vfio::sarif

#endif // VFIO_REPORT_SARIF_H
