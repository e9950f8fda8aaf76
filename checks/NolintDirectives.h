//===- NolintDirectives.h - Comments that silence a check -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang-tidy's NOLINT comments, as far as something must be known of them that
// clang-tidy does not tell: which line each is for.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_NOLINTDIRECTIVES_H
#define VFIO_CHECKS_NOLINTDIRECTIVES_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::checks {

/// One directive in a comment.
struct NolintDirective {
  enum Kind { Line, NextLine, Begin, End } What;
  unsigned Offset;   ///< of its first letter
  unsigned ForLine;  ///< the line that it speaks of; for Begin and End its own
  bool Hidden;       ///< in the middle of a comment, where clang-tidy takes it
                     ///< to speak of the comment's next line
  std::string Globs; ///< of checks; "*" where it names none

  /// True where it names \p Check.
  bool names(llvm::StringRef Check) const;
};

/// The directives in the C source \p Text, in order.
std::vector<NolintDirective> nolintDirectives(llvm::StringRef Text);

} // namespace vfio::checks

#endif // VFIO_CHECKS_NOLINTDIRECTIVES_H
