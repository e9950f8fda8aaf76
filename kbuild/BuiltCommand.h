//===- BuiltCommand.h - What Kbuild noted of a driver's own build ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a driver was built, Kbuild has left beside each object the command that
// made it (.foo.o.cmd): the Makefile as make itself evaluated it, with all that
// a script of the driver's added.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_BUILTCOMMAND_H
#define VFIO_KBUILD_BUILTCOMMAND_H

#include "kbuild/KernelHeaders.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The macros, include folders and forced headers, with absolute paths, that
/// \p File was compiled with, but for the kernel's own. Empty where it was not
/// built for \p Kernel, or before \p Makefile was last changed.
std::vector<std::string> builtFlags(llvm::StringRef File,
                                    const KernelHeaders &Kernel,
                                    llvm::StringRef Makefile);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_BUILTCOMMAND_H
