//===- Matrix.h - The same sources, kernel by kernel --------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_MATRIX_H
#define VFIO_TOOLS_VFIOTIDY_MATRIX_H

#include "tools/vfio-tidy/Arguments.h"
#include "llvm/Support/Error.h"

namespace vfio::tidy {

/// Runs \p Program, which is this one, once for each of several --kernel (or
/// for all that are installed), and prints one table of what came of it: a row
/// for a source, a column for a kernel. \p Raw is the command line. Returns the
/// exit status.
llvm::Expected<int> runMatrix(const Arguments &Args, llvm::StringRef Program,
                              llvm::ArrayRef<const char *> Raw);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_MATRIX_H
