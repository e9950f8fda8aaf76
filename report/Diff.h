//===- Diff.h - What changed, as a patch and as lines ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_DIFF_H
#define VFIO_REPORT_DIFF_H

#include "report/SourceTree.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace vfio {

/// A file with its text before and after.
struct FileChange {
  std::string Path; ///< absolute, real
  std::string Before;
  std::string After;
};

/// The changes of \p Files as a patch that `git apply` and `patch -p1` take in
/// \p Tree. Made by git, or by diff where there is no git.
llvm::Expected<std::string> unifiedDiff(llvm::ArrayRef<FileChange> Files,
                                        const SourceTree &Tree);

/// A stretch of whole lines that is replaced. Lines count from 0.
struct LineEdit {
  unsigned OldLine = 0, OldCount = 0;
  unsigned NewLine = 0, NewCount = 0;
};

/// The fewest such stretches, in order, that make \p After of \p Before.
llvm::Expected<std::vector<LineEdit>> lineEdits(llvm::StringRef Before,
                                                llvm::StringRef After);

/// The lines of \p Text, each with its line end.
std::vector<llvm::StringRef> linesOf(llvm::StringRef Text);

/// New lines in place of old ones. Lines count from 0.
struct LinesChange {
  unsigned First = 0, Count = 0;
  std::string Text; ///< whole lines
};

/// What a fix does to a file, in the order of its lines.
struct FileFix {
  std::string Path;
  std::shared_ptr<const std::string> Before; ///< the whole file
  std::vector<LinesChange> Changes;
};

/// The same edit by bytes of the old text.
struct ByteEdit {
  unsigned Offset = 0, Length = 0;
  std::string Text;
};

/// \c lineEdits in bytes.
llvm::Expected<std::vector<ByteEdit>> byteEdits(llvm::StringRef Before,
                                                llvm::StringRef After);

} // namespace vfio

#endif // VFIO_REPORT_DIFF_H
