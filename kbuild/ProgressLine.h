//===- ProgressLine.h - How far a run has come ------------------*- C++ -*-===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PROGRESSLINE_H
#define VFIO_KBUILD_PROGRESSLINE_H

#include "llvm/ADT/StringRef.h"

namespace vfio::kbuild {

/// One line on standard error, "[n/N] file", that is written over itself, and
/// gone when this is. Nothing where that is no terminal, or for one file.
class ProgressLine {
public:
  /// Of \p Total files; never shown unless \p Wanted.
  ProgressLine(size_t Total, bool Wanted);
  ~ProgressLine();

  /// Shows that \p File, number \p Number, is being worked on. Nothing where
  /// that number is on the screen already.
  void show(size_t Number, llvm::StringRef File);

private:
  size_t Total;
  bool On;
  size_t Shown = 0;
};

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_PROGRESSLINE_H
