//===- Migrate.h - From inputs to migrated drivers ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_MIGRATE_H
#define VFIO_REWRITER_MIGRATE_H

#include "kbuild/Inputs.h"
#include "kbuild/ProcessPool.h"
#include "rewriter/Result.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

namespace vfio::rewriter {

struct MigrateOptions {
  /// Empty: decided by the headers (6.1 where they have vfio_free_device).
  std::optional<Target> To;
  bool Verify = true;
  /// --keep-old: the oldest kernel the result must still build on, as
  /// "5.15"; empty: old code is replaced.
  std::string KeepOld;
  /// Works on each driver in a process of its own, within these limits. Only in
  /// a program without other threads.
  std::optional<kbuild::WorkLimits> Processes;
};

/// What to tell \c kbuild::resolveInputs, so that the parses of one migration
/// share the kernel's headers.
kbuild::SharingOptions sharingOptions();

/// Finds the drivers among \p Inputs, plans, edits and verifies each. Writes
/// nothing to disk. Fails only where no input could be worked on at all; what
/// is wrong with one driver or one file is in the result.
llvm::Expected<MigrationResult> migrate(const kbuild::InputSet &Inputs,
                                        const MigrateOptions &Options);

/// The facts of all \p Inputs as JSON: what `--dump-facts` prints.
llvm::Error dumpFacts(const kbuild::InputSet &Inputs, llvm::raw_ostream &OS);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_MIGRATE_H
