//===- Compat.h - What differs between LLVM majors, for vfio-tidy -------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in this folder is in this file, and the mangled
// names that differ are in tools/CMakeLists.txt.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_COMPAT_H
#define VFIO_TOOLS_VFIOTIDY_COMPAT_H

#include "checks/Compat.h"
#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Basic/DiagnosticOptions.h"
#include "llvm/Support/CommandLine.h"
#include <vector>

#if VFIO_LLVM_MAJOR >= 22
/// clang::tidy::runClangTidy's last parameter, which LLVM 19 has not.
#define VFIO_QUIET_PARAMETER , bool Quiet
#else
#define VFIO_QUIET_PARAMETER
#endif

namespace vfio::tidy::compat {

/// The names of all checks, and of their options ("check.Option").
struct AllChecks {
  llvm::StringSet<> Names, Options;

  AllChecks() {
#if VFIO_LLVM_MAJOR >= 22
    auto All = clang::tidy::getAllChecksAndOptions(
        /*AllowEnablingAnalyzerAlphaCheckers=*/true,
        /*ExperimentalCustomChecks=*/false);
    Names = std::move(All.Checks);
#elif VFIO_LLVM_MAJOR >= 21
    auto All = clang::tidy::getAllChecksAndOptions();
    Names = std::move(All.Checks);
#else
    auto All = clang::tidy::getAllChecksAndOptions();
    Names = std::move(All.Names);
#endif
    Options = std::move(All.Options);
  }
};

/// The names of all options of the command line.
inline std::vector<llvm::StringRef> registeredOptions() {
  std::vector<llvm::StringRef> Names;
  for (const auto &Option : llvm::cl::getRegisteredOptions())
#if VFIO_LLVM_MAJOR >= 22
    Names.push_back(Option.first);
#else
    Names.push_back(Option.first());
#endif
  return Names;
}

using checks::compat::diagnosticIDs;
using checks::compat::TidyDiagnostics;

} // namespace vfio::tidy::compat

#endif // VFIO_TOOLS_VFIOTIDY_COMPAT_H
