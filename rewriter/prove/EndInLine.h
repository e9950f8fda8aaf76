//===- EndInLine.h - An end that needs no paths to be compared ------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A structure that is found in a list, or one of many in a loop, is more than
// the path engine follows. Where a function does nothing with it but to
// unregister and end it, one statement after the other in one block and with no
// way out between, there is only one way, and it can be compared as it stands.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_PROVE_ENDINLINE_H
#define VFIO_REWRITER_PROVE_ENDINLINE_H

#include "rewriter/read/OldDriver.h"

namespace vfio::rewriter {

/// True where \p F unregisters and ends \p D's structure in one line of
/// statements, and does so in \p After, too.
bool endsInLine(const OldDriver &D, const Unit &U, const clang::FunctionDecl *F,
                const Program &After);

/// True where \p F is in \p After as it was, word for word.
bool isUntouched(const Unit &U, const clang::FunctionDecl *F,
                 const Program &After);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_PROVE_ENDINLINE_H
