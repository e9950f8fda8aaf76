//===- NullTest.h - Tests of a pointer against NULL -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_NULLTEST_H
#define VFIO_REWRITER_READ_NULLTEST_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// An expression that asks whether a pointer is NULL.
struct NullTest {
  const clang::Expr *E = nullptr;    ///< null for none
  bool WhenNull = true;              ///< it is true for NULL
  const clang::IfStmt *If = nullptr; ///< the statement whose condition has it

  explicit operator bool() const { return E; }
};

/// The test of the pointer spelled \p X in the condition \p Cond, with
/// unlikely() and WARN_ON() taken off; none where \p Cond is anything else, or
/// the call \p Alloc itself.
NullTest nullTest(const Unit &U, const clang::Expr *Cond, llvm::StringRef X,
                  const clang::CallExpr *Alloc);

/// The first `if` behind \p AllocStmt, in its block, whose condition is such a
/// test; \p AllocStmt itself where that is one. Null where there is none.
const clang::IfStmt *findNullCheck(const Unit &U, const clang::Stmt *AllocStmt,
                                   llvm::StringRef X,
                                   const clang::CallExpr *Alloc);

/// `x ? 0 : -ENOMEM`, or the other way round, as the value of the statement
/// behind \p AllocStmt; null where that is anything else.
const clang::Expr *choiceAfter(const Unit &U, const clang::Stmt *AllocStmt,
                               llvm::StringRef X, const clang::CallExpr *Alloc);

/// All tests of \p X in \p S.
std::vector<NullTest> nullTestsOf(const clang::Stmt *S, const clang::VarDecl *X,
                                  clang::ASTContext &Ctx);

/// The parameter x of `if (!x) return;`, all of \p S; null where it is anything
/// else.
const clang::ParmVarDecl *nullGuard(const clang::Stmt *S);

/// True where \p Call gives \p X to a function of \p P that does nothing where
/// it is NULL.
bool doesNothingForNull(const Program &P, const Unit &U,
                        const clang::CallExpr *Call, const clang::VarDecl *X);

/// True where no way leads past the end of \p S: it is, or ends in, a return
/// or a goto.
bool endsInExit(const clang::Stmt *S);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_NULLTEST_H
