//===- DriverFiles.h - Whose file a location is in ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_DRIVERFILES_H
#define VFIO_LIFECYCLE_DRIVERFILES_H

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"

namespace vfio {

/// True for the path of a header that belongs to the kernel's public include
/// folders (`.../include/linux/vfio.h`), or to the compiler; false for sources
/// and for headers private to a driver.
bool isKernelHeaderPath(llvm::StringRef Path);

/// True where \p Loc came into this tree from another source's: ASTImporter has
/// such a source included at the very start of the main file, where no directive
/// can stand.
bool isBroughtHere(clang::SourceLocation Loc, const clang::SourceManager &SM);

/// Tells the driver's own files from the kernel's headers, file by file, with
/// the answer kept.
class DriverFiles {
public:
  explicit DriverFiles(const clang::SourceManager &SM) : SM(SM) {}

  /// True where \p Loc (its expansion, for one in a macro) is in the main file
  /// or in a header private to the driver.
  bool contains(clang::SourceLocation Loc);

private:
  const clang::SourceManager &SM;
  llvm::DenseMap<clang::FileID, bool> Known;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_DRIVERFILES_H
