//===- Flags.h - The kernel's flags for what the editor opens -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_FLAGS_H
#define VFIO_TOOLS_VFIOCLANGD_FLAGS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio::clangd {

/// Chooses the kernel headers for sources that no database has. To be called
/// before clangd runs; without it the best fit is taken.
void setKernel(std::string Folder);

/// The folder that was chosen; empty for the best fit.
const std::string &kernel();

/// Lets clangd read the precompiled preamble \p Path, which it wrote itself;
/// without effect where that is kept in memory.
void allowPreamble(llvm::StringRef Path);

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_FLAGS_H
