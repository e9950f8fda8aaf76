//===- CommaOperand.h - A call between commas -----------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RENDER_COMMAOPERAND_H
#define VFIO_REWRITER_RENDER_COMMAOPERAND_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// Takes \p E out of `f(x), E, ret`; false where it is not such an operand, or
/// the value of it all is its.
bool removeOperand(EditSet &Edits, const Unit &U, const clang::Expr *E);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RENDER_COMMAOPERAND_H
