//===- UseAfter.h - Is a variable used after a call? ----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_USEAFTER_H
#define VFIO_REWRITER_READ_USEAFTER_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"

namespace vfio::rewriter {

/// The first expression that names \p Var on some way from \p Call on, before
/// it is given another value; null where there is none.
const clang::Expr *firstUseAfter(clang::ASTContext &Ctx,
                                 const clang::FunctionDecl *F,
                                 const clang::CallExpr *Call,
                                 const clang::VarDecl *Var);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_USEAFTER_H
