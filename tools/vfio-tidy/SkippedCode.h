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
#include <string>
#include <vector>

namespace vfio::tidy {

/// What stands under a condition that is off, as a preprocessor passes it by.
using SkippedRanges = std::vector<clang::SourceRange>;

/// Has \p PP note in \p Ranges, which must outlive it, what it leaves out.
void noteSkipped(clang::Preprocessor &PP, SkippedRanges &Ranges);

/// Where a driver's file has a call of the life cycle in \p Ranges, with the
/// condition, in one clause; empty where it has none.
std::string skippedLifecycle(const clang::SourceManager &SM,
                             const clang::LangOptions &Lang,
                             const SkippedRanges &Ranges);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SKIPPEDCODE_H
