//===- StaleComments.h - Comments that may not be true any more -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_REWRITER_READ_STALECOMMENTS_H
#define VFIO_REWRITER_READ_STALECOMMENTS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace vfio::rewriter {

struct StaleComment {
  unsigned Line;    ///< in the new text
  std::string Text; ///< its words, in one line
};

/// The comments of \p New that name a function of the old model, or speak of a
/// structure's end and stand by lines that are not those of \p Old.
std::vector<StaleComment> staleComments(llvm::StringRef Old,
                                        llvm::StringRef New);

} // namespace vfio::rewriter

#endif // VFIO_REWRITER_READ_STALECOMMENTS_H
