//===- ChecksOn.h - Which checks are on -------------------------*- C++ -*-===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef VFIO_TOOLS_VFIO_TIDY_CHECKSON_H
#define VFIO_TOOLS_VFIO_TIDY_CHECKSON_H

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/ArrayRef.h"

namespace vfio::tidy {

/// What said which options, the last with the last word.
using OptionsSources =
    llvm::ArrayRef<clang::tidy::ClangTidyOptionsProvider::OptionsSource>;

/// The options of all that have a say: our checks are on; then what the
/// .clang-tidy files for us say, who cannot switch ours off by a "-*" that was
/// written for others, but can by name; then the command line, which can do
/// anything. \p Options are those that clang-tidy itself would use.
clang::tidy::ClangTidyOptions
withChecksOn(clang::tidy::ClangTidyOptions Options, OptionsSources Sources);

/// What a source of a folder must name to be worth a parse, where the command
/// line says \p Checks: VFIO's API, and what the other contracts' checks that it
/// turns on are about.
std::vector<std::string> namesWorthParsing(llvm::StringRef Checks);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIO_TIDY_CHECKSON_H
