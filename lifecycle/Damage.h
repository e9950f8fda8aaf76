//===- Damage.h - What a file with errors still shows ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where clang finds an error it goes on with what it makes of the rest: a
// statement is gone, a call has no result, a type is int. That is no fact about
// the driver. A declaration with an error in it is taken for one that is not
// shown, as if it stood in another file.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_DAMAGE_H
#define VFIO_LIFECYCLE_DAMAGE_H

#include "clang/AST/ASTContext.h"
#include <vector>

namespace vfio {

/// To be told before a model of \p Ctx is built, by who judges it: where its
/// errors are. Without it, the syntax tree is taken as it is: who converts a
/// driver knows that it does not compile, and why.
void noteParseErrors(const clang::ASTContext &Ctx,
                     std::vector<clang::SourceLocation> Where);

/// Forgets what was told of \p Ctx.
void forgetParseErrors(const clang::ASTContext &Ctx);

/// Knows which declarations of a TU have errors in them.
class Damage {
public:
  explicit Damage(clang::ASTContext &Ctx);

  /// True where \p D, of file scope, has an error in it.
  bool reaches(const clang::Decl *D) const;

private:
  bool reachesOne(const clang::Decl *D, clang::SourceLocation End) const;

  clang::ASTContext &Ctx;
  std::vector<clang::SourceLocation> Errors; ///< where they stand in files
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_DAMAGE_H
