//===- Declared.cpp - Which header a name is included for ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Declared.h"
#include "llvm/ADT/StringSet.h"

namespace vfio {

bool isOfSlab(llvm::StringRef Name) {
  static const llvm::StringSet<> Names = {
#define SLAB(NAME) #NAME,
#define VMALLOC(NAME)
#include "contracts/Declared.def"
  };
  return Names.contains(Name);
}

bool isOfVmalloc(llvm::StringRef Name) {
  static const llvm::StringSet<> Names = {
#define SLAB(NAME)
#define VMALLOC(NAME) #NAME,
#include "contracts/Declared.def"
  };
  return Names.contains(Name);
}

} // namespace vfio
