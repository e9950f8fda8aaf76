//===- Fixes.h - The edits as clang-apply-replacements takes them ---------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_FIXES_H
#define VFIO_REWRITER_FIXES_H

#include "rewriter/deliver/ChangeUnits.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace vfio::rewriter {

/// Writes the edits of \p Units to \p File in YAML.
llvm::Error writeFixes(llvm::ArrayRef<ChangeUnit> Units,
                       const std::string &File);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_FIXES_H
