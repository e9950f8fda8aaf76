//===- Analysis.h - Running the checks on one source --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_ANALYSIS_H
#define VFIO_TOOLS_VFIOTIDY_ANALYSIS_H

#include "checks/Unsaid.h"
#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "kbuild/Inputs.h"
#include "tools/vfio-tidy/ModuleTrees.h"
#include "tools/vfio-tidy/SkippedCode.h"
#include "tools/vfio-tidy/SourceDiagnostics.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <string>
#include <vector>

namespace vfio::tidy {

/// How clang-tidy is to look at each source.
struct AnalysisOptions {
  const clang::tooling::CompilationDatabase *Commands = nullptr;
  llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> FileSystem;
  std::vector<std::string> RemovedArgs;
  /// The inputs that \p Commands are, whose parses may start from headers that
  /// they share; null where every source is parsed by itself.
  const kbuild::InputSet *Inputs = nullptr;
  /// Where the trees of the run's sources are kept; null where it must be
  /// clang-tidy itself that parses.
  ModuleTrees *Trees = nullptr;
  bool FixesFromNotes = false;
  bool Profile = false;
  bool ExplainSilence = false; ///< note what was not reported, and why
  llvm::StringRef ProfilePrefix;
};

/// A function or variable of the driver's own: from its first byte to the one
/// behind its last, in a file as the diagnostics name it.
struct FunctionExtent {
  std::string File;
  unsigned Begin = 0, End = 0;
  std::string Name;
};

/// What came of one source.
struct Analysis {
  std::string File;
  std::vector<clang::tidy::ClangTidyError> Errors;
  std::vector<FunctionExtent> Functions;
  /// What was found before NOLINT comments silenced it.
  std::vector<RawFinding> Raw;
  std::string Directory; ///< that relative names are relative to
  /// Empty, or why the source could not be analysed; one line.
  std::string Problem;
  /// Empty, or what of it was not analysed; one line each (Verdict.h).
  std::string NotFollowed, Remark;
  Unseen Off;                           ///< see Verdict.h
  std::vector<std::string> ParseErrors; ///< the first of them
  std::vector<std::string> Headers;     ///< of the driver's own (Verdict.h)
  std::vector<checks::Unsaid> Unsaid;
};

/// Runs the checks that \p Context has on for \p File. Where these are all
/// ours, the bodies of functions that kernel headers define are not parsed.
Analysis analyse(clang::tidy::ClangTidyContext &Context,
                 const AnalysisOptions &Options, llvm::StringRef File);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_ANALYSIS_H
