//===- ChangedLines.h - What changed since a revision
//-----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_CHANGEDLINES_H
#define VFIO_TOOLS_VFIOTIDY_CHANGEDLINES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <string>
#include <vector>

namespace vfio::tidy {

/// The root of the git work tree that \p Files are in; fails where one is in
/// none or in another, for \p Option.
llvm::Expected<std::string> gitRootOf(llvm::ArrayRef<std::string> Files,
                                      llvm::StringRef Option);

/// True where git takes \p Text for a revision, and not for an option.
bool isRevision(llvm::StringRef Text);

/// The lines that git says are new or changed in the working tree.
class ChangedLines {
public:
  /// Asks git about the trees that \p Files are in; \p Revision is a commit or
  /// a range of commits.
  static llvm::Expected<ChangedLines> since(llvm::StringRef Revision,
                                            llvm::ArrayRef<std::string> Files);

  /// True where one of the lines \p First to \p Last of \p File changed.
  bool touches(const std::string &File, unsigned First, unsigned Last) const;

  /// False where nothing that \p Source holds or may include changed.
  bool mayConcern(const std::string &Source) const;

private:
  llvm::Error readTree(llvm::StringRef Root, llvm::StringRef Revision);
  void readDiff(llvm::StringRef Root, llvm::StringRef Diff);

  struct Lines {
    unsigned First, Last;
  };
  std::map<std::string, std::vector<Lines>> ByFile;
};

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_CHANGEDLINES_H
