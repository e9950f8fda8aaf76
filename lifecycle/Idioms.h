//===- Idioms.h - Kernel idioms recognised by the shape of their AST ------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Macros of the kernel differ between versions; what they expand to does not
// differ by much. These matchers look at the expansion, so that a driver's own
// wrapper is understood as well as the kernel's macro.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_IDIOMS_H
#define VFIO_LIFECYCLE_IDIOMS_H

#include "clang/AST/Expr.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>

namespace vfio {

/// The way to a member, outermost first: `core_device.vdev` is two fields.
using FieldPath = llvm::SmallVector<const clang::FieldDecl *, 2>;

/// "core_device.vdev" for a path; empty for an empty one.
std::string spell(const FieldPath &Path);

/// The expression that decides \p E's value: without parentheses, casts that
/// keep a pointer or an integer, `__builtin_expect`, `__builtin_choose_expr`,
/// the selected arm of `_Generic`, and statement expressions (their last
/// expression, followed through the variable that holds it).
const clang::Expr *strip(const clang::Expr *E);

/// `container_of(ptr, type, member)` in any spelling:
/// a pointer to \c Record made from \c Ptr, which points to the member \c Path.
struct ContainerOf {
  const clang::Expr *Ptr;
  const clang::RecordDecl *Record;
  FieldPath Path;
  int64_t Offset; ///< of the member in \c Record, bytes
};

/// Recognises a container_of by its subtraction of an offsetof from a pointer.
std::optional<ContainerOf> matchContainerOf(const clang::Expr *E,
                                            const clang::ASTContext &Ctx);

/// `vfio_alloc_device(type, member, dev, ops)` or the call that it hides.
struct AllocDevice {
  const clang::CallExpr *Call;
  const clang::RecordDecl *Record; ///< null where the size names no record
  FieldPath Path;
  const clang::Expr *Device; ///< the parent `struct device *`
  const clang::Expr *Ops;
};

/// Recognises the allocation of a device in the new model.
std::optional<AllocDevice> matchAllocDevice(const clang::Expr *E,
                                            const clang::ASTContext &Ctx);

/// The record whose size \p E asks for (`sizeof(*x)`, `sizeof(struct x)`,
/// `struct_size(x, ...)`, or such a size inside a sum); null otherwise.
const clang::RecordDecl *recordOfSize(const clang::Expr *E);

/// The record that \p T points to, or null.
const clang::RecordDecl *pointeeRecord(clang::QualType T);

/// The variable that \p E names once stripped; null where it is anything else.
const clang::VarDecl *namedVar(const clang::Expr *E);

/// The function that \p E names (`f` or `&f`); null otherwise.
const clang::FunctionDecl *namedFunction(const clang::Expr *E);

} // namespace vfio

#endif // VFIO_LIFECYCLE_IDIOMS_H
