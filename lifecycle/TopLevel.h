//===- TopLevel.h - What stands at the top of a syntax tree ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In an editor, a tree starts from a precompiled preamble: all of the kernel's
// headers, of which a driver uses little. Whoever walks through the whole tree,
// or has clang make a table of its names, reads all of it in, at each key.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_TOPLEVEL_H
#define VFIO_LIFECYCLE_TOPLEVEL_H

#include "llvm/ADT/ArrayRef.h"

namespace clang {
class ASTContext;
class Decl;
} // namespace clang

namespace vfio {

/// The declarations of file scope in the driver's own files, in their order;
/// what was brought from other sources comes last. They are looked for once a
/// tree, and what came into it since each time. Valid until that.
llvm::ArrayRef<clang::Decl *> ownDecls(clang::ASTContext &Ctx);

} // namespace vfio

#endif // VFIO_LIFECYCLE_TOPLEVEL_H
