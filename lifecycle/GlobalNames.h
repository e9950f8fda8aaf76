//===- GlobalNames.h - What is looked up by its name alone ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A few facts come from whether a header declares a name at all. All such names
// are listed here: where headers were precompiled, a name has to be asked for
// beforehand.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_GLOBALNAMES_H
#define VFIO_LIFECYCLE_GLOBALNAMES_H

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclBase.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class IdentifierResolver;
class Preprocessor;
} // namespace clang

namespace vfio {

/// The names that \c globals may be asked for, besides those that the driver's
/// own files declare.
std::vector<std::string> globalNames();

/// The declarations of \p Name at file scope.
llvm::SmallVector<clang::NamedDecl *, 2> globals(clang::ASTContext &Ctx,
                                                 llvm::StringRef Name);

/// While it stands, \c globals of a tree that starts from a precompiled
/// preamble asks what the parser keeps of each name. \p PP has read the tree,
/// and its Sema is there; null is for a tree that is known otherwise.
class ParserNames {
public:
  ParserNames(clang::ASTContext &Ctx, clang::Preprocessor *PP);
  ~ParserNames();
  ParserNames(const ParserNames &) = delete;
  ParserNames &operator=(const ParserNames &) = delete;

private:
  friend llvm::SmallVector<clang::NamedDecl *, 2> globals(clang::ASTContext &,
                                                          llvm::StringRef);
  static thread_local ParserNames *Innermost;
  clang::ASTContext &Ctx;
  std::unique_ptr<clang::IdentifierResolver> Names; ///< null where not needed
  ParserNames *Outer;
};

/// The structure with tag \p Name that is defined at file scope, or null.
const clang::RecordDecl *globalRecord(clang::ASTContext &Ctx,
                                      llvm::StringRef Name);

} // namespace vfio

#endif // VFIO_LIFECYCLE_GLOBALNAMES_H
