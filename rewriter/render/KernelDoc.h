//===- KernelDoc.h - Parameters in a kernel-doc comment ---------*- C++ -*-===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_KERNELDOC_H
#define VFIO_REWRITER_KERNELDOC_H

#include "rewriter/render/EditSet.h"

namespace vfio::rewriter {

/// A parameter and what it is, as kernel-doc has it: " * @name: text".
struct DocLine {
  std::string Name, Text;
};

/// Adds \p Lines after the last parameter of the kernel-doc comment that ends
/// on the line above \p At, the begin of a function. Nothing where there is no
/// such comment, or where it describes no parameter.
void describeParameters(EditSet &Edits, llvm::StringRef File, unsigned At,
                        llvm::ArrayRef<DocLine> Lines);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_KERNELDOC_H
