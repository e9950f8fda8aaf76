//===- Compat.h - What differs between clangd's versions ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every #if on VFIO_LLVM_MAJOR in tools/vfio-clangd is in this file.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_TOOLS_VFIOCLANGD_COMPAT_H
#define VFIO_TOOLS_VFIOCLANGD_COMPAT_H

#include "clang/Basic/Diagnostic.h"

namespace vfio::clangd::compat {

/// How PrecompiledPreamble::Build takes the engine: by reference until 21. What
/// is linked to is named in CMakeLists.txt.
#if VFIO_LLVM_MAJOR >= 22
using PreambleDiagnostics = llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine>;
#else
using PreambleDiagnostics = clang::DiagnosticsEngine &;
#endif

} // namespace vfio::clangd::compat

#endif // VFIO_TOOLS_VFIOCLANGD_COMPAT_H
