//===- SetOnly.h - Variables that are only set any more -------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_RENDER_SETONLY_H
#define VFIO_REWRITER_RENDER_SETONLY_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// Takes the local variables out of \p After that the functions of \p Before,
/// unit by unit, read and those of the same names in \p After only set, with
/// what sets them.
EditSet removeSetOnly(llvm::ArrayRef<const Unit *> Before,
                      const Program &After);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_RENDER_SETONLY_H
