//===- Layout.h - What depends on the order of members --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The vfio_device must be the first member. To move it there is safe where
// nothing takes a pointer to the structure for one to what it begins with:
// offsets, casts, copies by size, and untyped pointers that come back as
// another type.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_LAYOUT_H
#define VFIO_REWRITER_READ_LAYOUT_H

#include "rewriter/read/AllocFlow.h"

namespace vfio::rewriter {

/// Why the order of a structure's members matters, and the place that says so.
struct LayoutReason {
  std::string Why; ///< empty where it does not matter
  clang::SourceLocation Where;
};

/// What in \p U depends on the order of the members of \p R, a record of \p U.
LayoutReason layoutReason(const Program &P, const AllocFlow &Flow,
                          const Unit &U, const clang::RecordDecl *R);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_LAYOUT_H
