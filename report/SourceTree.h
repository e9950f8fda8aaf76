//===- SourceTree.h - The tree that paths are relative to -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REPORT_SOURCETREE_H
#define VFIO_REPORT_SOURCETREE_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio {

/// The folder that a patch is applied in.
struct SourceTree {
  std::string Root; ///< absolute
  bool IsGit = false;

  /// \p File as a patch names it; without its leading slash where it is in
  /// another tree.
  std::string relative(llvm::StringRef File) const;

  /// \p File as a report names it: relative to the root where it is below
  /// that, else as it is.
  std::string named(llvm::StringRef File) const;
};

/// The tree that holds \p File: the enclosing git tree, else the enclosing
/// kernel source tree, else \p Fallback.
SourceTree sourceTreeOf(llvm::StringRef File, llvm::StringRef Fallback);

/// \p File as a person at the terminal would name it: relative to the working
/// directory where it is below that.
std::string shownPath(llvm::StringRef File);

/// True where \p Path is \p Folder or below it; both absolute, without dots.
bool isWithin(llvm::StringRef Path, llvm::StringRef Folder);

} // namespace vfio

#endif // VFIO_REPORT_SOURCETREE_H
