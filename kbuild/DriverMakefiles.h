//===- DriverMakefiles.h - What the Makefiles around a source say ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the Kbuild or Makefile of a source's folder, and of those above it that
// lead to it, for the flags, the module's name and the configuration symbols
// that select the source.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_DRIVERMAKEFILES_H
#define VFIO_KBUILD_DRIVERMAKEFILES_H

#include "kbuild/KernelHeaders.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// What the Makefiles say about one source.
struct MakefileFacts {
  /// -I, -D and the like, with absolute paths: those that go before the
  /// kernel's own include folders, and the usual ones, after them.
  std::vector<std::string> Before, After;
  std::string Module; ///< the module that the source is part of
  /// The sources of that module, and those that the same Makefile builds for
  /// others; absolute, and only what is there.
  std::vector<std::string> OwnSources, NearSources;
  /// Symbols that must be set for the source to be compiled, and are not.
  std::vector<std::string> Unset;
  std::string Top;      ///< the topmost folder whose Makefile was read
  std::string Makefile; ///< the one that names the source's object
};

/// \p SourceRoot is the kernel source tree that \p File is in; empty for an
/// out-of-tree driver.
MakefileFacts readMakefiles(llvm::StringRef File, const KernelHeaders &Kernel,
                            llvm::StringRef SourceRoot);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_DRIVERMAKEFILES_H
