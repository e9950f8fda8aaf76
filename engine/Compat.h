//===- Compat.h - What differs between LLVM's majors ----------------------===//
//
// Part of the life-cycle tools, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef ENGINE_COMPAT_H
#define ENGINE_COMPAT_H

#include "llvm/Config/llvm-config.h"

// clang's visitor by virtual functions: it is in clang's library once, while
// each RecursiveASTVisitor costs ten seconds of compile time.
#if LLVM_VERSION_MAJOR >= 20
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#else
#include "clang/AST/RecursiveASTVisitor.h"
#endif

/// On a function that a visitor has from clang: a change of its signature is
/// then an error and not a function that nobody calls.
#if LLVM_VERSION_MAJOR >= 20
#define ENGINE_OVERRIDE override
#else
#define ENGINE_OVERRIDE
#endif

namespace engine {

/// The base of `class X : ASTVisitor<X>`, with clang's functions: VisitCallExpr
/// and so on return false to end the traversal.
#if LLVM_VERSION_MAJOR >= 20
template <typename Derived>
using ASTVisitor = clang::DynamicRecursiveASTVisitor;
#else
template <typename Derived>
using ASTVisitor = clang::RecursiveASTVisitor<Derived>;
#endif

/// The same for what nobody wrote as well: the semantic form of an initialiser
/// list has the lists whose braces were left out.
template <typename Derived> struct ImplicitASTVisitor : ASTVisitor<Derived> {
#if LLVM_VERSION_MAJOR >= 20
  ImplicitASTVisitor() { this->ShouldVisitImplicitCode = true; }
#else
  bool shouldVisitImplicitCode() const { return true; }
#endif
};

/// Passes over the written types of what is visited.
template <typename Derived> struct UntypedVisitor : ASTVisitor<Derived> {
#if LLVM_VERSION_MAJOR >= 22
  bool TraverseTypeLoc(clang::TypeLoc, bool = true) ENGINE_OVERRIDE {
    return true;
  }
#else
  bool TraverseTypeLoc(clang::TypeLoc) ENGINE_OVERRIDE { return true; }
#endif
};

/// The text of \p Asm.
inline std::string asmText(const clang::GCCAsmStmt &Asm) {
#if LLVM_VERSION_MAJOR >= 21
  return Asm.getAsmString();
#else
  return Asm.getAsmString()->getString().str();
#endif
}

} // namespace engine

#endif // ENGINE_COMPAT_H
