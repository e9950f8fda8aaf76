//===- Options.h - The command line of vfio-migrate -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_MIGRATE_OPTIONS_H
#define VFIO_TOOLS_MIGRATE_OPTIONS_H

#include "kbuild/Inputs.h"
#include "rewriter/Migrate.h"
#include "rewriter/Output.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

namespace vfio::cli {

/// What the user typed, by who is asked to do it.
struct Options {
  kbuild::InputOptions Inputs;
  rewriter::MigrateOptions Migrate;
  rewriter::OutputOptions Output;
  bool DumpFacts = false;
  bool ShareHeaders = true;
  std::string Text; ///< of --help or --version: to print, and no more
};

/// Reads \p Argv, of which the first is the program. Ends the process for
/// an option that there is not; fails with one line for a value that makes no
/// sense.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> Argv);

} // namespace vfio::cli

#endif // VFIO_TOOLS_MIGRATE_OPTIONS_H
