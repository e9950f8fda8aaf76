//===- LoneStatements.h - The statements that stand on their own ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_LONESTATEMENTS_H
#define VFIO_LIFECYCLE_LONESTATEMENTS_H

#include "lifecycle/ASTVisitor.h"

namespace vfio {

/// The statements of a function that stand on their own: nobody looks at the
/// value of one that is an expression.
struct LoneStatements : ASTVisitor<LoneStatements> {
  std::vector<const clang::Stmt *> All;

  bool VisitCompoundStmt(clang::CompoundStmt *Block) ENGINE_OVERRIDE {
    for (const clang::Stmt *S : Block->body())
      add(S);
    return true;
  }
  bool VisitIfStmt(clang::IfStmt *If) ENGINE_OVERRIDE {
    add(If->getThen());
    add(If->getElse());
    return true;
  }
  bool VisitForStmt(clang::ForStmt *For) ENGINE_OVERRIDE {
    add(For->getBody());
    return true;
  }

private:
  void add(const clang::Stmt *S) {
    while (const auto *L = llvm::dyn_cast_or_null<clang::LabelStmt>(S))
      S = L->getSubStmt();
    if (S && !llvm::isa<clang::CompoundStmt, clang::IfStmt, clang::ForStmt,
                        clang::WhileStmt>(S))
      All.push_back(S);
  }
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_LONESTATEMENTS_H
