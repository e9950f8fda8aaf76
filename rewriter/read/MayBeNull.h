//===- MayBeNull.h - Where a pointer can be NULL --------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// kfree(NULL) does nothing, vfio_put_device() of what is not there crashes. So
// of each pointer that is freed it must be known that it is one: it was tested
// before, or something in it was used, on every way that leads there.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_MAYBENULL_H
#define VFIO_REWRITER_READ_MAYBENULL_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// True where \p E, at \p At in \p In, can be NULL for all that the driver's
/// code shows.
bool mayBeNull(const Program &P, const Unit &U, const clang::FunctionDecl *In,
               const clang::Expr *E, const clang::Stmt *At);
/// The same of the variable \p V.
bool mayBeNull(const Program &P, const Unit &U, const clang::FunctionDecl *In,
               const clang::VarDecl *V, const clang::Stmt *At);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_MAYBENULL_H
