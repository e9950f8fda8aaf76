//===- TwinImporter.h - Declarations of another tree, in this one ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang's ASTImporter brings a definition from one syntax tree into another. It
// would compare all that the definition mentions by structure, which in a kernel
// is some thousand records, again and again. Two sources of one module read the
// same headers: what stands at the same place of the same file is the same.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_TWINIMPORTER_H
#define VFIO_LIFECYCLE_TWINIMPORTER_H

#include "clang/AST/ASTImporter.h"
#include "llvm/ADT/DenseMap.h"

namespace vfio {

class TwinImporter : public clang::ASTImporter {
public:
  TwinImporter(clang::ASTContext &To, clang::ASTContext &From);

  /// Brings \p D over, with all that it mentions; null where that failed.
  clang::NamedDecl *bring(clang::NamedDecl *D);

protected:
  llvm::Expected<clang::Decl *> ImportImpl(clang::Decl *From) override;
  void Imported(clang::Decl *From, clang::Decl *To) override;

private:
  bool inParameters(const clang::Decl *From);
  clang::Decl *twinOf(clang::Decl *From);
  clang::Decl *twinOfMember(clang::Decl *From, clang::TagDecl *In);
  clang::Decl *twinOfTag(clang::TagDecl *From);
  clang::Decl *twinOfFunction(clang::FunctionDecl *From);
  clang::Decl *twinOfVariable(clang::VarDecl *From);
  clang::Decl *twinOfNamed(clang::NamedDecl *From);
  bool pair(clang::TagDecl *From, clang::TagDecl *To);
  bool samePlace(const clang::Decl *From, const clang::Decl *To) const;
  llvm::SmallVector<clang::NamedDecl *, 2> inTo(const clang::NamedDecl *From);

  /// Records and enumerations whose members were matched, and whether they did.
  llvm::DenseMap<const clang::TagDecl *, bool> Paired;
};

} // namespace vfio

#endif // VFIO_LIFECYCLE_TWINIMPORTER_H
