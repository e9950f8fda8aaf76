//===- Findings.h - What the checks found, as plain values ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_FINDINGS_H
#define VFIO_TOOLS_VFIOTIDY_FINDINGS_H

#include "tools/vfio-tidy/Fixes.h"

namespace vfio::tidy {

/// A message at a place. Lines and columns count from 1; 0 is none.
struct Spot {
  std::string File; ///< absolute, real
  unsigned Line = 0, Column = 0;
  unsigned EndLine = 0, EndColumn = 0; ///< behind what is pointed at
  std::string Message;
};

/// Lines of a file, both ends counted.
struct Stretch {
  std::string File;
  unsigned First = 0, Last = 0;
};

/// One finding of a check.
struct Finding {
  std::string Check;
  std::string Level; ///< "warning" or "error"
  Spot Where;
  /// The function or variable at the top level of the file that holds it; no
  /// name outside of all.
  std::string Inside;
  /// The lines of that, and of what holds each note; the line alone outside of
  /// all.
  std::vector<Stretch> Concerns;
  std::vector<Spot> Notes;
  std::vector<FileFix> Fix;
  bool Known = false; ///< the baseline has it
  bool Fits = false;  ///< its fix contradicts none of those before it
  bool Fixed = false; ///< --fix has mended it
};

/// What \p Error is.
Finding describe(const clang::tidy::ClangTidyError &Error,
                 const Declarations &Known, SourceTexts &Texts);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_FINDINGS_H
