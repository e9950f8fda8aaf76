//===- Names.h - What a statement names, sets and leaves by ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_NAMES_H
#define VFIO_REWRITER_READ_NAMES_H

#include "lifecycle/ASTVisitor.h"
#include "rewriter/read/Program.h"
#include "rewriter/read/Statements.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace vfio::rewriter {

/// In the order of the source: what is written does not hang on addresses.
struct BySource {
  bool operator()(const clang::ValueDecl *A, const clang::ValueDecl *B) const {
    // One may be asked for what is no variable.
    if (A && B && A->getLocation() != B->getLocation())
      return A->getLocation() < B->getLocation();
    return std::less<>()(A, B); // of one macro
  }
};
using VarSet = std::set<const clang::VarDecl *, BySource>;
using ValueSet = std::set<const clang::ValueDecl *, BySource>;

/// Variables that a statement names, and the gotos and returns in it.
struct Names : ASTVisitor<Names> {
  VarSet Vars;
  std::vector<const clang::GotoStmt *> Gotos;
  std::vector<const clang::ReturnStmt *> Returns;
  VarSet Written;

  bool VisitDeclRefExpr(clang::DeclRefExpr *E) ENGINE_OVERRIDE;
  bool VisitGotoStmt(clang::GotoStmt *G) ENGINE_OVERRIDE;
  bool VisitReturnStmt(clang::ReturnStmt *R) ENGINE_OVERRIDE;
  bool VisitBinaryOperator(clang::BinaryOperator *BO) ENGINE_OVERRIDE;
  /// `n++`, and `&n` that is given to someone who fills it in.
  bool VisitUnaryOperator(clang::UnaryOperator *UO) ENGINE_OVERRIDE;
  /// Variables that a macro of the kernel declares for itself do not count.
  VarSet foreign() const;

private:
  /// `&bus` of `dev->bus == &bus`, which is not written.
  llvm::SmallPtrSet<const clang::Expr *, 2> Compared;
};

Names namesIn(const clang::Stmt *S);

/// The text of \p S with what \p By has for them instead of its variables. None
/// where that comes from a macro.
std::optional<std::string>
textWith(const Unit &U, const clang::Stmt *S,
         const std::map<const clang::VarDecl *, std::string> &By);

/// Finds the variables that a piece of code reads before it sets them. A goto
/// reads what its function then returns.
class EntryReads {
public:
  explicit EntryReads(const std::vector<Item> &Items) : Items(Items) {}
  VarSet Found;

  /// False where the end of \p S is never reached.
  bool walk(const clang::Stmt *S);

private:
  bool walkIf(const clang::IfStmt *If);
  void walkFor(const clang::ForStmt *For);
  void read(const clang::Stmt *S);

  const std::vector<Item> &Items;
  VarSet Set;
};

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_NAMES_H
