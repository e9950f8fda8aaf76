//===- OwnHeaders.h - A driver's headers among the shared ones ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a precompiled header has to remember of a driver's headers in it: a
// source that starts from it never sees them read.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_OWNHEADERS_H
#define VFIO_KBUILD_OWNHEADERS_H

#include "kbuild/SharedHeaders.h"
#include "llvm/ADT/StringRef.h"

namespace clang {
class Preprocessor;
} // namespace clang

namespace vfio::kbuild {

/// Notes in \p Out the names that \p PP has met so far.
void noteNames(clang::Preprocessor &PP, PrecompiledHeaders &Out);

/// Notes in \p Out, which outlives the parse, what \p PP meets from the
/// #include of \p First on.
void watchOwnHeaders(clang::Preprocessor &PP, llvm::StringRef First,
                     PrecompiledHeaders &Out);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_OWNHEADERS_H
