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
#include <string>
#include <vector>

namespace vfio {

/// The names that \c globals may be asked for, besides those that the driver's
/// own files declare.
std::vector<std::string> globalNames();

/// The declarations of \p Name at file scope.
clang::DeclContext::lookup_result globals(clang::ASTContext &Ctx,
                                          llvm::StringRef Name);

/// The structure with tag \p Name that is defined at file scope, or null.
const clang::RecordDecl *globalRecord(clang::ASTContext &Ctx,
                                      llvm::StringRef Name);

} // namespace vfio

#endif // VFIO_LIFECYCLE_GLOBALNAMES_H
