//===- LabelNames.h - The name of a label, for what it does now -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RENDER_LABELNAMES_H
#define VFIO_REWRITER_RENDER_LABELNAMES_H

#include "clang/AST/Stmt.h"
#include "llvm/ADT/STLExtras.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

/// The name for what \p L, of the labels \p All of a function, leads to now:
/// its own where that is still true. \p Changed tells which labels lead to
/// another statement than before.
std::string
labelName(const clang::LabelStmt *L,
          const std::vector<const clang::LabelStmt *> &All,
          llvm::function_ref<bool(const clang::LabelStmt *)> Changed);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RENDER_LABELNAMES_H
