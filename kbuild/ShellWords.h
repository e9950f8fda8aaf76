//===- ShellWords.h - What a Makefile asks a shell ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No command of a Makefile is ever run. Drivers that are built for many kernels
// ask one question of a shell: whether a header has a word. That can be
// answered by reading the header.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_SHELLWORDS_H
#define VFIO_KBUILD_SHELLWORDS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace vfio::kbuild {

/// What the shell command \p Command, "grep -q WORD FILE && echo y" in its many
/// forms, would print; \p Read gives the text of a file. Nothing where it is
/// another command, or a file cannot be read.
std::optional<std::string> answerOfGrep(
    llvm::StringRef Command,
    llvm::function_ref<std::optional<std::string>(llvm::StringRef)> Read);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_SHELLWORDS_H
