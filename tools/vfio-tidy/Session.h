//===- Session.h - One run of vfio-tidy ---------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangTidyMain reads the options and prints the findings; between the two,
// where it would run the checks itself, the linker has it call us (see
// tools/CMakeLists.txt). This is what main and those calls share.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SESSION_H
#define VFIO_TOOLS_VFIOTIDY_SESSION_H

#include "kbuild/Input.h"
#include "kbuild/Inputs.h"
#include "tools/vfio-tidy/Arguments.h"
#include "tools/vfio-tidy/Baseline.h"
#include "tools/vfio-tidy/ChangedLines.h"
#include "tools/vfio-tidy/Findings.h"
#include "tools/vfio-tidy/Print.h"
#include "tools/vfio-tidy/Shards.h"
#include "tools/vfio-tidy/Steps.h"
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace vfio::tidy {

/// One run, from the command line to the exit status.
struct Session {
  Arguments Args;
  /// Null where the user gave flags of his own, or no path. With them, there is
  /// a process for each source, and a ledger at the end.
  std::unique_ptr<kbuild::InputSet> Inputs;
  /// What may be read: of the inputs, or around the user's own paths and flags.
  std::shared_ptr<const kbuild::ReadScope> scope() const;

  std::optional<ChangedLines> Changed; ///< --diff
  std::vector<Step> Steps;             ///< --new-since, --series
  Format How = Format::Text;           ///< --format
  std::optional<Shard> Part;           ///< --shard
  std::optional<Baseline> Known;       ///< --baseline

  // The ledger.
  bool Ran = false; ///< clang-tidy got as far as the checks
  unsigned Analysed = 0;
  std::vector<std::string> Sources; ///< those that were analysed
  unsigned Unchanged = 0; ///< sources that --diff says nothing changed in
  /// Of a run over folders; those that the baseline knows are marked.
  std::vector<Finding> Found;
  unsigned Gone = 0; ///< known to the baseline, and not found any more
  std::vector<kbuild::SkippedInput> Failed;
  std::set<std::string> Headers; ///< that the drivers have themselves
  /// Sources with errors outside of the life cycle, and the errors.
  std::vector<kbuild::SkippedInput> Remarks, ParseErrors;
  /// What was not found out, or not reported; files are absolute, real.
  std::vector<checks::Unsaid> Unsaid;
  unsigned countUnsaid(checks::Unsaid::Sort What) const;
};

/// The run of this process.
extern Session TheSession;

/// Prints one line of ours on standard error.
void sayError(const llvm::Twine &Message);
void sayNote(const llvm::Twine &Message);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SESSION_H
