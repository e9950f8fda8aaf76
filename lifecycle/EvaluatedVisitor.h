//===- EvaluatedVisitor.h - A visitor of what really runs -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_EVALUATEDVISITOR_H
#define VFIO_LIFECYCLE_EVALUATEDVISITOR_H

#include "lifecycle/ASTVisitor.h"

namespace vfio {

/// A visitor that passes over what is parsed and never evaluated:
/// the kernel's macros name their arguments again in typeof, sizeof and static
/// assertions, and a call must be seen once.
template <typename Derived>
class EvaluatedVisitor : public ASTVisitor<Derived> {
  using Base = ASTVisitor<Derived>;

public:
#if VFIO_LLVM_MAJOR >= 22
  bool TraverseTypeLoc(clang::TypeLoc, bool = true) { return true; }
#else
  bool TraverseTypeLoc(clang::TypeLoc) { return true; }
#endif
  bool TraverseUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr *) {
    return true;
  }
  bool TraverseTypeTraitExpr(clang::TypeTraitExpr *) { return true; }
  bool TraverseStaticAssertDecl(clang::StaticAssertDecl *) { return true; }
  bool TraverseGenericSelectionExpr(clang::GenericSelectionExpr *E) {
    return E->isResultDependent() || Base::TraverseStmt(E->getResultExpr());
  }
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_EVALUATEDVISITOR_H
