//===- Paths.h - Small helpers about files and their names ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every file of this room asks the disk.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_PATHS_H
#define VFIO_KBUILD_PATHS_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The parts with slashes between them.
std::string pathIn(const llvm::Twine &A, const llvm::Twine &B,
                   const llvm::Twine &C = "", const llvm::Twine &D = "");

/// \p Dir, or the nearest folder above it that is on disk; empty where none is.
std::string nearestDirectory(llvm::StringRef Dir);

bool isFile(const llvm::Twine &Path);
bool isDirectory(const llvm::Twine &Path);

/// The whole text of a regular file; empty where it cannot be read, or is longer
/// than any source.
std::string readText(const llvm::Twine &Path);

/// The names in a folder, sorted; empty where it cannot be read.
std::vector<std::string> listDirectory(const llvm::Twine &Dir);

/// \p Path without symbolic links and dots; empty where there is no such file.
std::string realPath(const llvm::Twine &Path);

/// Where this program runs.
std::string currentDir();

/// \p Path, relative to \p Base where it is relative, without dots.
std::string absolute(llvm::StringRef Path, llvm::StringRef Base);

/// True where \p Path is \p Dir or below it (both absolute, without dots).
bool isBelow(llvm::StringRef Path, llvm::StringRef Dir);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_PATHS_H
