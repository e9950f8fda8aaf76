//===- Suppressions.h - NOLINT comments that silence nothing ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SUPPRESSIONS_H
#define VFIO_TOOLS_VFIOTIDY_SUPPRESSIONS_H

#include "tools/vfio-tidy/Findings.h"

namespace vfio::tidy {

/// A finding for each NOLINT comment in the sources of \p Results, and in the
/// headers of theirs, that names one of our checks and silences nothing, or
/// names one that there is not. A comment in the middle of a longer one is not
/// judged: what it silences is never reported.
std::vector<clang::tidy::ClangTidyError>
unusedSuppressions(const std::vector<Analysis> &Results, SourceTexts &Texts);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SUPPRESSIONS_H
