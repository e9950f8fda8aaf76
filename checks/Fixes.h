//===- Fixes.h - Edits that more than one check offers --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each returns nothing where the edit is not certain to be right.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_FIXES_H
#define VFIO_CHECKS_FIXES_H

#include "lifecycle/TUModel.h"
#include "clang/Basic/Diagnostic.h"

namespace vfio::checks {

using FixIts = llvm::SmallVector<clang::FixItHint, 2>;

/// True where \p Second, a statement of \p In, always follows what stands at
/// \p First: both are statements of one block, with no label between them.
bool alwaysFollows(const clang::Stmt *Second, clang::SourceLocation First,
                   const clang::FunctionDecl *In, const TUModel &Model);

/// The return statement that is all that `if (Test)` in \p In guards; null
/// where there is more, or no such thing.
const clang::ReturnStmt *returnGuardedBy(const clang::Expr *Test,
                                         const clang::FunctionDecl *In);

/// Adds the statement \p Text as the last of \p F, a function that returns
/// nothing and has one way out.
FixIts appendStatement(const clang::FunctionDecl *F, llvm::StringRef Text,
                       const TUModel &Model);

/// Puts \p Text, a statement, ahead of the statement \p S of \p In, with braces
/// where it is the only one under an `if`.
FixIts insertBefore(const clang::Stmt *S, llvm::StringRef Text,
                    const clang::FunctionDecl *In, const TUModel &Model);

} // namespace vfio::checks

#endif // VFIO_CHECKS_FIXES_H
