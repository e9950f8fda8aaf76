//===- SourceText.h - Text for fix-its and messages -----------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the checks share in wording and editing: the text of expressions, the
// spelling of the vfio_device inside a structure, whole statements.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CHECKS_SOURCETEXT_H
#define VFIO_CHECKS_SOURCETEXT_H

#include "lifecycle/TUModel.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Expr.h"
#include "clang/Basic/Diagnostic.h"
#include <string>

namespace vfio::checks {

/// True where all of \p Range is written in a file, not made by a macro, so
/// that it can be edited.
bool isEditable(clang::SourceRange Range, const clang::ASTContext &Ctx);

/// The source text of \p Range; empty where a macro made it.
std::string textOf(clang::SourceRange Range, const clang::ASTContext &Ctx);

/// Spells the `struct vfio_device *` in what \p Pointer points to: "vdev",
/// "&x->core_device.vdev"; empty where the type does not show it, or where a
/// macro made the text.
std::string spellVfioDevice(const clang::Expr *Pointer,
                            const clang::ASTContext &Ctx);

/// The same as a person names it in a message. Empty where only a macro of the
/// kernel names it.
std::string describePointer(const clang::Expr *Pointer,
                            const clang::ASTContext &Ctx);

/// The structure that holds the device of \p F, where it is known: where the
/// code shows no more than the vfio_device, the only one that the driver has.
const clang::RecordDecl *recordOf(const Finding &F, const TUModel &Model);

/// The same by its name; empty where it is not known.
std::string structureOf(const Finding &F, const TUModel &Model);

/// How a message names the device of \p F: as the code does, or by its
/// structure.
std::string deviceOf(const Finding &F, const TUModel &Model);

/// "'struct mdev_state'", for messages.
std::string nameOf(const clang::RecordDecl *R);

/// The function that \p Call calls, by the name that the source has for it:
/// what it writes may be a macro of the kernel's around another.
std::string calleeAsWritten(const clang::CallExpr *Call,
                            const clang::ASTContext &Ctx);

/// Removes the statement \p S, its semicolon, and the line when nothing else
/// is on it. Nothing where a macro made part of it.
llvm::SmallVector<clang::FixItHint, 1>
removeStatement(const clang::Stmt *S, const clang::ASTContext &Ctx);

/// The blanks that the line of \p Loc starts with.
std::string indentationAt(clang::SourceLocation Loc,
                          const clang::ASTContext &Ctx);

} // namespace vfio::checks

#endif // VFIO_CHECKS_SOURCETEXT_H
