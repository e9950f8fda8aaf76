//===- Output.h - All that a run gives out --------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_OUTPUT_H
#define VFIO_REWRITER_OUTPUT_H

#include "rewriter/Result.h"
#include "rewriter/Scope.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace vfio::rewriter {

/// What the user asked for. The patch goes to standard output where nothing
/// else was asked for.
struct OutputOptions {
  bool InPlace = false;
  bool Explain = false;
  std::string PatchFolder; ///< --patches
  std::string FixesFile;   ///< --export-fixes
  std::string ReportFile;  ///< --report
  WriteScope Scope;
};

/// The exit status of the program.
enum ExitStatus { AllDone = 0, CouldNotWork = 1, SomethingRefused = 2 };

/// Fails with one line where \p Options cannot be served, whatever the result:
/// to be asked before the long part of the run.
llvm::Error checkOutputOptions(const OutputOptions &Options);

/// Refuses what must not be written, and gives out the rest: files first, then
/// the patch on \p Out, and the summary on \p Err. Returns the exit status.
int writeOutputs(MigrationResult &Result, const OutputOptions &Options,
                 llvm::raw_ostream &Out, llvm::raw_ostream &Err);

/// The line with which the program gives up: "vfio-migrate: error: ...".
int giveUp(llvm::Error E, llvm::raw_ostream &Err);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_OUTPUT_H
