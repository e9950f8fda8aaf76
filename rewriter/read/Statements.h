//===- Statements.h - Where a call stands in its function -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_STATEMENTS_H
#define VFIO_REWRITER_STATEMENTS_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/Stmt.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace vfio::rewriter {

/// The whole statement that an expression belongs to, and how it hangs in its
/// parent.
struct Spot {
  const clang::Stmt *S = nullptr; ///< null where it was not found
  const clang::Stmt *Parent = nullptr;
  enum { InBlock, Labelled, Then, Else, Body, Other } Kind = Other;
  /// The expression is the whole statement, not its condition or operand.
  bool Whole = false;
};

/// The spot of \p E (a call, for the most part). The parents' map of \p Ctx
/// must cover the function.
Spot spotOf(clang::ASTContext &Ctx, const clang::Stmt *E);

/// What must stand where the statement \p S goes, as a label in front of the
/// end of a block needs one: "" is the empty statement. None where nothing
/// must.
std::optional<llvm::StringRef> standIn(clang::ASTContext &Ctx, const Spot &S);

/// The left side of the assignment that takes the value of \p Call; null where
/// that is the initialiser of \p Declared, or is not kept at all. \p Outermost
/// is \p Call with the casts around it.
const clang::Expr *resultOf(clang::ASTContext &Ctx, const clang::CallExpr *Call,
                            const clang::VarDecl *&Declared,
                            const clang::Expr *&Outermost);

/// The variable of the structure that \p E is, or is a part of: `x` of
/// `&x->core.vdev`.
const clang::VarDecl *structureOf(const clang::Expr *E);

/// A statement at the top level of a function's body, without its labels.
struct Item {
  const clang::Stmt *S;
  llvm::SmallVector<const clang::LabelStmt *, 1> Labels;
};

/// The statements of \p F's body, labels taken off.
std::vector<Item> itemsOf(const clang::FunctionDecl *F);

/// The indices of the items that run from label \p L on: up to and with the
/// first return or goto of the top level. Empty where the label is not of the
/// top level.
std::vector<unsigned> tailOf(const std::vector<Item> &Items,
                             const clang::LabelDecl *L);

/// True where \p S can leave its function or jump: it holds a return or goto.
bool hasExit(const clang::Stmt *S);

/// True where \p Inner is \p Outer or a part of it.
bool holds(const clang::Stmt *Outer, const clang::Stmt *Inner);

/// True where \p S names \p V.
bool mentions(const clang::Stmt *S, const clang::ValueDecl *V);

/// The column that text takes a line to, tabs of 8.
unsigned columnAfter(llvm::StringRef Text, unsigned Start = 0);

/// Tabs and spaces up to \p Column, in kernel style.
std::string indentTo(unsigned Column);

/// "head(a, b, c)tail" broken at 80 columns with the arguments aligned under
/// the first. \p Head ends in "(", \p Start is the column where it begins.
std::string wrapCall(llvm::StringRef Head, llvm::ArrayRef<std::string> Args,
                     llvm::StringRef Tail, unsigned Start);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_STATEMENTS_H
