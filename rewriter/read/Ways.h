//===- Ways.h - What happens on each way through a function ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_WAYS_H
#define VFIO_REWRITER_READ_WAYS_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace vfio::rewriter {

/// How often something happens; 2 stands for more than once.
struct Often {
  unsigned Least = 0, Most = 0;
  bool never() const { return Most == 0; }
  bool once() const { return Least == 1 && Most == 1; }
};

/// How often the calls of \p F do what \p Counts counts in each, on its ways
/// from entry to end.
Often countOnWays(clang::ASTContext &Ctx, const clang::FunctionDecl *F,
                  llvm::function_ref<Often(const clang::CallExpr *)> Counts);

/// True where \p What in \p F can be reached from itself on a way that does not
/// pass \p Unless.
bool runsAgain(clang::ASTContext &Ctx, const clang::FunctionDecl *F,
               const clang::Expr *What, const clang::Expr *Unless);

/// True where a way leads from \p Call in \p F to another call, a store or a
/// read of a member.
bool goesOnAfter(clang::ASTContext &Ctx, const clang::FunctionDecl *F,
                 const clang::CallExpr *Call);

/// True where a way leads from \p From in \p F to \p To.
bool leadsTo(clang::ASTContext &Ctx, const clang::FunctionDecl *F,
             const clang::Expr *From, const clang::Stmt *To);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_WAYS_H
