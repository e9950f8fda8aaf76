//===- Print.h - Findings for people and for services -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_PRINT_H
#define VFIO_TOOLS_VFIOTIDY_PRINT_H

#include "tools/vfio-tidy/Findings.h"
#include "tools/vfio-tidy/Steps.h"
#include "llvm/Support/raw_ostream.h"

namespace vfio::tidy {

/// --format.
enum class Format { Text, GitHub, GitLab, Mail };

/// The format \p Name, or one line that says which there are.
llvm::Expected<Format> formatOf(llvm::StringRef Name);

/// What is printed together: the findings of a run, or of one step.
struct Group {
  const Step *Of = nullptr; ///< null for a whole run
  std::vector<Finding> Findings;
  SourceTexts *Texts = nullptr; ///< the files that the findings are in
};

/// Prints \p Groups, all of a run, as \p How asks.
void print(Format How, llvm::ArrayRef<Group> Groups, llvm::raw_ostream &OS);

/// Prints the fixes of \p Errors as a patch, for --patch; says how many could
/// not be part of it.
void printPatch(const std::vector<clang::tidy::ClangTidyError> &Errors,
                SourceTexts &Texts);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_PRINT_H
