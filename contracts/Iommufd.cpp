//===- Iommufd.cpp - Looking iommufd's operations up ---------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Iommufd.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace vfio {

IommufdFamily iommufdFamilyOf(llvm::StringRef Function) {
  static const llvm::StringMap<IommufdFamily> Table = {
#define IOMMUFD(FUNCTION, FAMILY, OPERATION) {#FUNCTION, IommufdFamily::FAMILY},
#define UNDONE(OPERATION, BY)
#include "contracts/Iommufd.def"
  };
  return Table.lookup(Function);
}

namespace {
struct Row {
  llvm::StringRef Function;
  IommufdFamily Family;
  llvm::StringRef Operation;
};
} // namespace

static const Row Rows[] = {
#define IOMMUFD(FUNCTION, FAMILY, OPERATION)                                   \
  {#FUNCTION, IommufdFamily::FAMILY, #OPERATION},
#define UNDONE(OPERATION, BY)
#include "contracts/Iommufd.def"
};

llvm::StringRef ofOtherFamily(llvm::StringRef Function) {
  const Row *Is =
      llvm::find_if(Rows, [&](const Row &R) { return R.Function == Function; });
  if (Is == std::end(Rows))
    return "";
  const Row *Other = llvm::find_if(Rows, [&](const Row &R) {
    return R.Operation == Is->Operation && R.Family != Is->Family;
  });
  return Other == std::end(Rows) ? "" : Other->Function;
}

std::vector<llvm::StringRef> iommufdBinders() {
  std::vector<llvm::StringRef> Out;
  for (const Row &R : Rows)
    if (R.Operation == Rows->Operation)
      Out.push_back(R.Function);
  return Out;
}

llvm::StringRef undoneBy(llvm::StringRef Operation) {
  static const llvm::StringMap<llvm::StringRef> Table = {
#define IOMMUFD(FUNCTION, FAMILY, OPERATION)
#define UNDONE(OPERATION, BY) {#OPERATION, #BY},
#include "contracts/Iommufd.def"
  };
  return Table.lookup(Operation);
}

} // namespace vfio
