//===- SharedSearch.h - Folders that several runs look through -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A run for each of several kernels would search the same folders for sources.
// The first one does, and writes down for the others what it found.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOTIDY_SHAREDSEARCH_H
#define VFIO_TOOLS_VFIOTIDY_SHAREDSEARCH_H

#include "tools/vfio-tidy/Arguments.h"
#include "llvm/Support/Error.h"

namespace vfio::tidy {

/// What is in the folders of \p Args, as text for \c useSearch.
std::string searchOnce(const Arguments &Args);

/// Has this run take what the file \p Path says for what is in folders.
llvm::Error useSearch(const std::string &Path);

} // namespace vfio::tidy

#endif // VFIO_TOOLS_VFIOTIDY_SHAREDSEARCH_H
