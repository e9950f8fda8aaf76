//===- TurnOn.h - What would have code compiled that is left out ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver's own build, or its user, defines names that its sources ask for.
// Where nobody has, the code behind the question is not there. This finds the
// names that must be defined for it.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_TURNON_H
#define VFIO_KBUILD_TURNON_H

#include "clang/Lex/Preprocessor.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio::kbuild {

/// The names that must be defined, as 1, for \p PP to read what is at \p Where,
/// which is part of \p Skipped, a range that it has passed by. Nothing where
/// that does not help: the code is for when a name is not defined which is, or
/// for never. What a condition says of numbers, such as a kernel's version, is
/// taken to be so: who parses again will see.
std::optional<std::vector<std::string>> namesToTurnOn(clang::Preprocessor &PP,
                                                      clang::SourceRange Skipped,
                                                      clang::SourceLocation Where);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_TURNON_H
