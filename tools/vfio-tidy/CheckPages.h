//===- CheckPages.h - The pages of the checks, in the program -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_CHECKPAGES_H
#define VFIO_TOOLS_VFIOTIDY_CHECKPAGES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace vfio::tidy {

/// docs/checks/<Name>.md.
struct CheckPage {
  llvm::StringRef Name; ///< without "vfio-"
  llvm::StringRef Text; ///< Markdown
};

llvm::ArrayRef<CheckPage> checkPages();

/// The page of the check \p Check ("vfio-..."), or null.
const CheckPage *pageOf(llvm::StringRef Check);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_CHECKPAGES_H
