//===- ASTVisitor.h - The base of whatever looks through a tree -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang's visitor by virtual functions, where it has one (LLVM 20 and later):
// it is in clang's library once, while each RecursiveASTVisitor costs ten
// seconds of compile time.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_ASTVISITOR_H
#define VFIO_LIFECYCLE_ASTVISITOR_H

#if VFIO_LLVM_MAJOR >= 20
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#else
#include "clang/AST/RecursiveASTVisitor.h"
#endif

namespace vfio {

/// The base of `class X : ASTVisitor<X>`, with clang's functions: VisitCallExpr
/// and so on return false to end the traversal.
#if VFIO_LLVM_MAJOR >= 20
template <typename Derived>
using ASTVisitor = clang::DynamicRecursiveASTVisitor;
#else
template <typename Derived>
using ASTVisitor = clang::RecursiveASTVisitor<Derived>;
#endif

/// The same for what nobody wrote as well: the semantic form of an initialiser
/// list has the lists whose braces were left out.
template <typename Derived> struct ImplicitASTVisitor : ASTVisitor<Derived> {
#if VFIO_LLVM_MAJOR >= 20
  ImplicitASTVisitor() { this->ShouldVisitImplicitCode = true; }
#else
  bool shouldVisitImplicitCode() const { return true; }
#endif
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_ASTVISITOR_H
