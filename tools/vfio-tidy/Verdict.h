//===- Verdict.h - Whether a file with errors can be judged -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_VERDICT_H
#define VFIO_TOOLS_VFIOTIDY_VERDICT_H

#include "tools/vfio-tidy/SkippedCode.h"
#include "tools/vfio-tidy/SourceDiagnostics.h"
#include "clang/AST/ASTContext.h"
#include <string>
#include <vector>

namespace vfio::tidy {

/// What the errors of a source, and its age, mean for what is found in it.
struct Verdict {
  /// Empty, or why nothing can be said of it; one line.
  std::string Problem;
  /// Empty, or which functions of the life cycle were not followed; one line.
  std::string NotFollowed;
  /// Empty, or that there are errors which are none of the life cycle's.
  std::string Remark;
  /// Empty, or which code of the life cycle is not there, so that there is no
  /// device; and what would have it there.
  Unseen Off;
  std::vector<std::string> Errors;  ///< the first of them, for who asks
  std::vector<std::string> Headers; ///< that the driver has itself; real paths
};

/// Judges the TU that \p Context holds.
/// \p Skipped is what \p PP, which read it, left out.
Verdict judge(clang::ASTContext &Context, clang::Preprocessor &PP,
              const ParseErrors &Errors, const LeftOut &Skipped);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_VERDICT_H
