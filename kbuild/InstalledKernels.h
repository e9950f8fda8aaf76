//===- InstalledKernels.h - All kernels that are installed here -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_INSTALLEDKERNELS_H
#define VFIO_KBUILD_INSTALLEDKERNELS_H

#include "kbuild/KernelHeaders.h"
#include <vector>

namespace vfio::kbuild {

/// Every kernel whose headers are installed, the oldest first.
std::vector<KernelHeaders> allKernels();

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_INSTALLEDKERNELS_H
