//===- MakeFunctions.h - What make's functions do with words --------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of make that depend on nothing but their arguments and the
// disk. Those that know variables are MakeReader's.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_MAKEFUNCTIONS_H
#define VFIO_KBUILD_MAKEFUNCTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio::kbuild {

/// The arguments of a function, split at commas that are not nested.
llvm::SmallVector<llvm::StringRef, 4> splitArguments(llvm::StringRef Text);

/// \p Word with make's pattern \p From replaced by \p To ("%.c", "%.o").
std::string substitute(llvm::StringRef Word, llvm::StringRef From,
                       llvm::StringRef To);

/// True where \p Word is of make's pattern \p Pattern.
bool matchesPattern(llvm::StringRef Word, llvm::StringRef Pattern);

/// The words of \p Text, each as \p Map has it, with a blank between them.
std::string mapWords(llvm::StringRef Text,
                     llvm::function_ref<std::string(llvm::StringRef)> Map);

/// What function \p Name makes of \p Args, at least one; paths are relative to
/// \p Cwd. Empty for a function that is not known here, or may not run.
std::string makeFunction(llvm::StringRef Name, llvm::ArrayRef<std::string> Args,
                         llvm::StringRef Cwd);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_MAKEFUNCTIONS_H
