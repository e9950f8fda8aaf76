//===- ReadScope.h - Which files may be read ------------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A source can include any file of the machine, and what a compiler says of a
// file quotes it. So we read nothing but a driver's own tree, the kernel's
// headers, the compiler's and the system's, and what the user named himself. It
// is the file behind all links that counts.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_READSCOPE_H
#define VFIO_KBUILD_READSCOPE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <mutex>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// Folders, to be asked from any thread.
class ReadScope {
public:
  /// The compiler's and the system's headers.
  ReadScope();

  /// Adds the folder or file \p Path, where there is one.
  void allow(llvm::StringRef Path);
  /// Adds the tree of the source, or folder, \p Path: the git work tree or the
  /// kernel tree that it is in, else the highest of the folders above it that
  /// have a Makefile each, else its folder.
  void allowTreeOf(llvm::StringRef Path);
  /// Adds the folders and files that the user's own \p Args name (-I,
  /// -include, ...).
  void allowIncludesOf(llvm::ArrayRef<std::string> Args, llvm::StringRef Base);
  /// Adds those search folders of the command \p Args that are a kernel's, each
  /// with its tree.
  void allowKernelsOf(llvm::ArrayRef<std::string> Args, llvm::StringRef Base);

  /// True where \p Path, absolute, may be read.
  bool holds(llvm::StringRef Path) const;
  /// The same for a configuration file, which is looked for in all folders
  /// above a source: it may be no link that leads out of the tree it is in.
  bool holdsConfiguration(llvm::StringRef Path) const;

private:
  void allowLocked(llvm::StringRef Real);
  bool isInside(llvm::StringRef Real) const;
  bool isSharedHeader(llvm::StringRef Real) const;
  std::string realFile(llvm::StringRef Path) const;

  mutable std::mutex Lock;
  std::vector<std::string> Roots; ///< real paths
  /// The folders that the trees lie in: a driver may have headers beside it.
  std::vector<std::string> Around;
  /// The real path of each folder that was asked about.
  mutable llvm::StringMap<std::string> Folders;
};

/// The tree of \p Path, as \c ReadScope::allowTreeOf has it; real.
std::string treeFolderOf(llvm::StringRef Path);

/// True for the names of files that say how to check or compile others.
bool isConfigurationName(llvm::StringRef Name);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_READSCOPE_H
