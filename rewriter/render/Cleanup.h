//===- Cleanup.h - What a conversion leaves behind ------------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After statements went, some labels lead nowhere special, some names tell what
// is no longer done, some braces hold one statement, an include is not needed.
// A person would tidy that in the same patch; so does this, and only in
// functions that the conversion changed.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_CLEANUP_H
#define VFIO_REWRITER_CLEANUP_H

#include "rewriter/read/Program.h"

namespace vfio::rewriter {

/// The edits that tidy \p After, the parse of a converted driver, whose units
/// stand in the order of \p Before.
EditSet cleanUp(llvm::ArrayRef<const Unit *> Before, const Program &After);

/// Drops `#include <linux/slab.h>` (or vmalloc.h) from \p New where \p Old
/// used what it declares and \p New does not.
std::string dropUnusedIncludes(llvm::StringRef Old, std::string New);

/// Drops the macros of \p New that \p Old, a source, used and \p New does not.
std::string dropUnusedMacros(llvm::StringRef Old, std::string New);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_CLEANUP_H
