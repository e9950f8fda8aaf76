//===- Iommufd.h - Core's functions for iommufd's operations -------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_IOMMUFD_H
#define VFIO_CONTRACTS_IOMMUFD_H

#include "llvm/ADT/StringRef.h"
#include <vector>

namespace vfio {

/// What kind of device a function of core's is for.
enum class IommufdFamily {
  Unknown,
  Emulated, ///< the driver pins pages itself
  Physical  ///< an IOMMU is between device and memory
};

/// The family of \p Function; unknown where it is not in the table.
IommufdFamily iommufdFamilyOf(llvm::StringRef Function);

/// The function of the other family for the operation that \p Function is for;
/// empty where there is none.
llvm::StringRef ofOtherFamily(llvm::StringRef Function);

/// The functions for the operation that comes first. Where the kernel has the
/// option off, none is declared.
std::vector<llvm::StringRef> iommufdBinders();

/// The operation that undoes \p Operation of an ops table; empty where none
/// does.
llvm::StringRef undoneBy(llvm::StringRef Operation);

} // namespace vfio

#endif // VFIO_CONTRACTS_IOMMUFD_H
