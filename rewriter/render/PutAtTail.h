//===- PutAtTail.h - A return that lacks a put ----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RENDER_PUTATTAIL_H
#define VFIO_REWRITER_RENDER_PUTATTAIL_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// Where \p F returns what a registration in line \p Line says: the result is
/// kept, and the device is put where it is an error. False where the function
/// is not like that.
bool putAtTail(const Unit &U, const clang::FunctionDecl *F, unsigned Line,
               EditSet &Edits);

/// The same for `return PTR_ERR(x->m);` at \p Line, which reads the structure
/// that \p F allocates: the error is taken before the put.
bool putBeforeReturn(const Unit &U, const clang::FunctionDecl *F, unsigned Line,
                     EditSet &Edits);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RENDER_PUTATTAIL_H
