//===- EvaluatedVisitor.h - A visitor of what really runs -----------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_EVALUATEDVISITOR_H
#define ENGINE_EVALUATEDVISITOR_H

#include "engine/Compat.h"

namespace engine {

/// A visitor that passes over what is parsed and never evaluated: macros name
/// their arguments again in typeof, sizeof and static assertions, and a call
/// must be seen once.
template <typename Derived>
class EvaluatedVisitor : public UntypedVisitor<Derived> {
  using Base = ASTVisitor<Derived>;

public:
  bool TraverseUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr *)
      ENGINE_OVERRIDE {
    return true;
  }
  bool TraverseTypeTraitExpr(clang::TypeTraitExpr *) ENGINE_OVERRIDE {
    return true;
  }
  bool TraverseStaticAssertDecl(clang::StaticAssertDecl *) ENGINE_OVERRIDE {
    return true;
  }
  bool
  TraverseGenericSelectionExpr(clang::GenericSelectionExpr *E) ENGINE_OVERRIDE {
    return E->isResultDependent() || Base::TraverseStmt(E->getResultExpr());
  }
};

} // namespace engine

#endif // ENGINE_EVALUATEDVISITOR_H
