//===- Generation.h - Which model the headers of a TU offer ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_GENERATION_H
#define VFIO_LIFECYCLE_GENERATION_H

#include "clang/AST/ASTContext.h"

namespace vfio {

/// The generations of lifecycle.md section 1. A TU's generation is decided by
/// the declarations that it parsed, never by a version number.
enum class Generation {
  Unknown,     ///< no VFIO header was parsed
  TooOld,      ///< before 5.13: vfio_add_group_dev with opaque data
  GroupDev,    ///< 5.13 to 6.0: the driver allocates and frees
  Transition,  ///< both models are declared
  DriverFrees, ///< 6.1: core allocates, the driver's @release frees
  CoreFrees    ///< 6.2 and later: core allocates and frees
};

/// The generation that the declarations of \p Ctx show. A function that was
/// called without a declaration (clang then makes one up) does not count.
Generation generationOf(clang::ASTContext &Ctx);

/// True where `vfio_alloc_device` exists.
inline bool hasNewModel(Generation G) { return G >= Generation::Transition; }

/// True where the driver itself must free the structure in @release.
inline bool driverFrees(Generation G) {
  return G == Generation::Transition || G == Generation::DriverFrees;
}

/// "driver-frees (6.1)" and the like, for people.
llvm::StringRef describe(Generation G);

} // namespace vfio

#endif // VFIO_LIFECYCLE_GENERATION_H
