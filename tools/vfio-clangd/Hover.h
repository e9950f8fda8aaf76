//===- Hover.h - The contract of a function, under the pointer ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_HOVER_H
#define VFIO_TOOLS_VFIOCLANGD_HOVER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

namespace vfio::clangd {

/// Puts the contract of the function \p Name on top of \p Hover, the answer to
/// a hover request, or makes one; nothing where it is none of the life cycle.
void addContract(llvm::json::Value &Hover, llvm::StringRef Name);

} // namespace vfio::clangd

#endif // VFIO_TOOLS_VFIOCLANGD_HOVER_H
