//===- Arguments.h - vfio-tidy's command line ---------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line is clang-tidy's, with a few options of our own. Ours are
// taken out here; the rest is handed on unread.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_ARGUMENTS_H
#define VFIO_TOOLS_VFIOTIDY_ARGUMENTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace vfio::tidy {

/// What the user asked for.
struct Arguments {
  // Ours.
  std::vector<std::string> Kernels; ///< --kernel, each
  std::string Kernel;               ///< the only one of them
  std::string Database;             ///< -p
  unsigned Jobs = 0;                ///< -j; 0: one per core
  unsigned TimeLimit = 0;   ///< --time-limit, seconds for each source; 0: ours
  unsigned MemoryLimit = 0; ///< --memory-limit, MiB for each; 0: ours
  std::vector<std::string> Reports;   ///< --report, once for each file
  std::string Revision;               ///< --diff
  std::string NewSince;               ///< --new-since
  std::string Series;                 ///< --series
  std::string Format;                 ///< --format; empty: clang-tidy's own
  std::string Explain;                ///< --explain
  std::string Baseline;               ///< --baseline
  std::string WriteBaseline;          ///< --write-baseline
  bool Patch = false;                 ///< --patch
  bool NoSharedHeaders = false;       ///< --no-shared-headers
  std::vector<std::string> Generated; ///< --generated, once for each folder
  /// --found: a file of SharedSearch.h. One run of ours tells another.
  std::string Found;
  std::vector<std::string> Paths;
  bool Strict = false;             ///< --strict
  bool UnusedSuppressions = false; ///< --unused-suppressions
  bool ExplainSilence = false;     ///< --explain-silence
  std::string Shard;               ///< --shard, "K/N"
  std::string MergeReports;        ///< --merge-reports
  bool Verbose = false;            ///< -v
  bool Quiet = false;              ///< -q
  bool Help = false;               ///< --help
  bool Version = false;            ///< --version
  bool PrintDatabase = false;      ///< --print-database

  // clang-tidy's.
  std::vector<std::string> TidyOptions; ///< to be handed on
  std::string Checks;       ///< --checks, all of them, which are handed on
  std::string ExportFixes;  ///< --export-fixes, which is handed on, too
  bool Fix = false;         ///< --fix and its like, which are handed on, too
  bool NeedsNoPath = false; ///< one of the options that only print something
  std::vector<std::string> ExtraArgs;   ///< --extra-arg(-before)
  std::vector<std::string> RemovedArgs; ///< --removed-arg
  /// What follows "--": the user's own flags for clang, for all paths.
  std::vector<std::string> OwnFlags;
  bool HasOwnFlags = false;

  /// True where more is asked for than clang-tidy does with a source: then
  /// there is a ledger, as for folders.
  bool isRun() const {
    return Jobs || TimeLimit || MemoryLimit || Patch || !Reports.empty() ||
           !Revision.empty() || !Baseline.empty() || !WriteBaseline.empty() ||
           !NewSince.empty() || !Series.empty() || !Format.empty();
  }
};

/// Reads the arguments after the program's name, or fails with one line.
llvm::Expected<Arguments> parseArguments(llvm::ArrayRef<const char *> Args);

/// The text of --help.
extern const char HelpText[];

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_ARGUMENTS_H
