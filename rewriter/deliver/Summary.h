//===- Summary.h - The run in words, on the terminal ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_SUMMARY_H
#define VFIO_REWRITER_SUMMARY_H

#include "rewriter/Result.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio::rewriter {

struct SummaryOptions {
  bool Explain = false; ///< plan, events and removed bugs of each driver
  bool Written = false; ///< the files were changed in place
  llvm::StringRef Target; ///< of the run; writeSummary() sets it
};

/// Every driver that was found, every file that was not looked at, and a line
/// with the counts.
void writeSummary(llvm::raw_ostream &OS, const MigrationResult &Result,
                  const SummaryOptions &Options);

/// How many there are of each kind.
struct Counts {
  unsigned Converted = 0, AlreadyNew = 0, Refused = 0, NotParsed = 0;
};
Counts countOutcomes(const MigrationResult &Result);

/// "6.1", "6.2".
llvm::StringRef targetName(Target To);

/// "main.c:12:3", as far as \p Where goes; the file by its \p Name.
std::string placeText(const Place &Where, llvm::StringRef Name);

/// "2 other errors keep this from building on 6.1"; empty where none does.
std::string remainingText(const DriverResult &Driver, llvm::StringRef Target);

/// "1 driver", "2 drivers".
std::string counted(size_t Number, llvm::StringRef Noun);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_SUMMARY_H
