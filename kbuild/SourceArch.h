//===- SourceArch.h - Which architecture a source is written for ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some drivers exist on one architecture only (vfio-ccw and vfio-ap on s390),
// and need its headers whatever the kernel at hand was built for.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_KBUILD_SOURCEARCH_H
#define VFIO_KBUILD_SOURCEARCH_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio::kbuild {

/// What a source needs of an architecture.
struct SourceArch {
  std::string Arch;
  /// An <asm/...> header that \c Arch does not have, nor any other that has the
  /// rest: the source cannot be compiled from this tree. Empty for none.
  std::string Missing;
};

/// The architecture that \p File needs, by its place in a kernel tree
/// (drivers/s390, arch/arm64), by what the Kconfig file beside it depends on,
/// or by an <asm/...> header that it includes and that only one architecture of
/// \p SrcTree has; \p Default otherwise.
/// \p IsGenerated tells the asm/ headers that \p Default's build makes.
SourceArch archOfSource(llvm::StringRef File, llvm::StringRef SrcTree,
                        llvm::StringRef Default,
                        llvm::function_ref<bool(llvm::StringRef)> IsGenerated);

} // namespace vfio::kbuild

#endif // VFIO_KBUILD_SOURCEARCH_H
