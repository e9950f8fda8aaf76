//===- Iommufd.cpp - Looking iommufd's operations up ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Iommufd.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

IommufdFamily iommufdFamilyOf(llvm::StringRef Function) {
  static const llvm::StringMap<IommufdFamily> Table = {
#define IOMMUFD(FUNCTION, FAMILY) {#FUNCTION, IommufdFamily::FAMILY},
#define UNDONE(OPERATION, BY)
#include "contracts/Iommufd.def"
  };
  return Table.lookup(Function);
}

llvm::StringRef undoneBy(llvm::StringRef Operation) {
  static const llvm::StringMap<llvm::StringRef> Table = {
#define IOMMUFD(FUNCTION, FAMILY)
#define UNDONE(OPERATION, BY) {#OPERATION, #BY},
#include "contracts/Iommufd.def"
  };
  return Table.lookup(Operation);
}

} // namespace vfio
