//===- CleanCommand.h - A compiler's command line, made fit for clang -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A command from a database, or from Kbuild's CHECK=, was written for another
// compiler and by somebody else. Only what a parse can see is taken from it:
// macros, include paths, the language and the machine. Nothing that loads,
// runs or writes something can pass, since nothing passes by default.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_CLEANCOMMAND_H
#define VFIO_KBUILD_CLEANCOMMAND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace vfio::kbuild {

/// \p Command (the compiler first, wrappers such as ccache before it) as clang
/// may be given it, ending in \p File. \p Directory is where it runs; response
/// files (@file) are read only below it or below \p TreeRoot.
/// Fails with one clause that says why the command is of no use.
llvm::Expected<std::vector<std::string>>
cleanCommand(llvm::ArrayRef<std::string> Command, llvm::StringRef Directory,
             llvm::StringRef File, llvm::StringRef TreeRoot);

/// Of \p Args, which a configuration file (.clang-tidy, .clangd) adds to a
/// command, the flags that the same rules let pass, and those that turn a
/// warning on or off. Where \p Dropped is given, it is told the others.
std::vector<std::string>
cleanFlags(llvm::ArrayRef<std::string> Args,
           std::vector<std::string> *Dropped = nullptr);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_CLEANCOMMAND_H
