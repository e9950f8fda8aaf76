//===- SkippedCode.h - Life cycle code that the preprocessor left out ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SKIPPEDCODE_H
#define VFIO_TOOLS_VFIOTIDY_SKIPPEDCODE_H

#include "clang/Lex/Preprocessor.h"
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vfio::kbuild {
struct PrecompiledHeaders;
} // namespace vfio::kbuild

namespace vfio::tidy {

/// What a preprocessor passes by in a driver's own files.
struct LeftOut {
  /// What stands under a condition that is off.
  std::vector<clang::SourceRange> Ranges;
  /// The names that an "#undef" takes back, by the place of that.
  std::vector<std::pair<clang::SourceLocation, std::string>> Undefs;
  /// The headers that the parse started from, and that have left out more.
  const kbuild::PrecompiledHeaders *Before = nullptr;
};

/// Has \p PP note in \p Out, which must outlive it, what it leaves out.
void noteSkipped(clang::Preprocessor &PP, LeftOut &Out);

/// Code of the life cycle that is not there.
struct Unseen {
  /// Where a driver's file has it, with the condition, in one clause; empty
  /// where none has any.
  std::string Where;
  /// What would have it read where it is defined (kbuild/TurnOn.h); may be
  /// empty.
  std::vector<std::string> Names;
  /// The files that take these names back, without that.
  std::map<std::string, std::string> Texts;
};

/// What \p PP has left out of the life cycle in \p Out.
Unseen skippedLifecycle(clang::Preprocessor &PP, const LeftOut &Out);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SKIPPEDCODE_H
