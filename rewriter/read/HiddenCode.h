//===- HiddenCode.h - What the errors of a parse may hide -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver for an old kernel seldom compiles against the headers of a new one:
// attributes that are gone, a header that moved. Most of these errors have
// nothing to do with the life of its devices. Some do: the parser drops what
// it does not understand, and a kfree that was dropped is one that the
// rewriter does not know of. Told apart by counting: what the text has and the
// AST has not.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_HIDDENCODE_H
#define VFIO_REWRITER_HIDDENCODE_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// True for the message that a function is called which nobody declared.
bool isUndeclaredCall(const kbuild::Diagnostic &D);

/// The first error of \p U that hides a life-cycle call, or a way out of a
/// function that has one; null where there is none.
const kbuild::Diagnostic *hidingError(const Unit &U);

/// The header that \p U includes and nobody found; null where all are there.
const kbuild::Diagnostic *missingHeader(const Unit &U);

/// \p E, of a file that could not be worked on, and what to do about it.
std::string adviceOn(const kbuild::Diagnostic &E);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_HIDDENCODE_H
