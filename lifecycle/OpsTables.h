//===- OpsTables.h - vfio_device_ops tables and who uses them -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_OPSTABLES_H
#define VFIO_LIFECYCLE_OPSTABLES_H

#include "lifecycle/Idioms.h"
#include "clang/AST/ASTContext.h"
#include <vector>

namespace vfio {

/// One `struct vfio_device_ops` object: a variable, an element of an array, or
/// a member of a larger object.
struct OpsTable {
  const clang::VarDecl *Var = nullptr; ///< the variable that holds it
  /// Its initialiser list (semantic form); null where it has none.
  const clang::InitListExpr *Init = nullptr;
  /// The table that it was copied from, where it was.
  const clang::VarDecl *CopyOf = nullptr;
  /// `ops.member = value` and `.member = value`, by member.
  struct Member {
    const clang::FieldDecl *Field;
    const clang::Expr *Value;
    const clang::FunctionDecl *Callback; ///< null for NULL and the unknown
    bool InCode;                         ///< by an assignment in a function
  };
  std::vector<Member> Members;
  /// Something other than a plain member assignment changes it in code
  /// (memcpy, `*p = ...`, its address is given to an unknown writer).
  bool Opaque = false;

  /// The member \p Name as initialised or assigned; null where it is not set.
  const Member *find(llvm::StringRef Name) const;
  /// The callback of member \p Name; null where there is none or it is unknown.
  const clang::FunctionDecl *callback(llvm::StringRef Name) const;
  /// "mdpy_dev_ops"; "ops_tables[1]"-like names are not made up: the variable.
  llvm::StringRef name() const;
};

/// All ops tables of a TU.
class OpsTables {
public:
  /// Collects the tables among \p Vars (file scope and static local variables
  /// of the driver) and the assignments to them in \p Functions.
  OpsTables(const clang::ASTContext &Ctx,
            llvm::ArrayRef<const clang::VarDecl *> Vars,
            llvm::ArrayRef<const clang::FunctionDecl *> Functions);

  /// Somebody who is not shown may write to each table that can be written to.
  void distrustWritable();

  llvm::ArrayRef<OpsTable> tables() const { return Tables; }

  /// The tables that \p E, an expression of type `vfio_device_ops *` inside
  /// \p In, can point to.
  struct Targets {
    llvm::SmallVector<const OpsTable *, 2> Tables;
    /// Every way that the pointer can take was followed to a table here.
    bool Complete = true;
  };
  Targets targets(const clang::Expr *E, const clang::FunctionDecl *In) const;

private:
  void addVar(const clang::VarDecl *Var);
  void addInit(const clang::VarDecl *Var, const clang::Expr *Init);
  void addAssignments(const clang::FunctionDecl *F);
  void follow(const clang::Expr *E, const clang::FunctionDecl *In, Targets &Out,
              unsigned Depth) const;
  void followVar(const clang::VarDecl *Var, const clang::FunctionDecl *In,
                 Targets &Out, unsigned Depth) const;
  void followField(const clang::FieldDecl *Field, Targets &Out,
                   unsigned Depth) const;
  bool addTablesOf(const clang::VarDecl *Var, Targets &Out) const;

  const clang::ASTContext &Ctx;
  std::vector<OpsTable> Tables;
  std::vector<const clang::VarDecl *> Vars;
  std::vector<const clang::FunctionDecl *> Functions;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_OPSTABLES_H
