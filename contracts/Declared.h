//===- Declared.h - Which header a name is included for ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_DECLARED_H
#define VFIO_CONTRACTS_DECLARED_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// True for what a driver includes <linux/slab.h> for.
bool isOfSlab(llvm::StringRef Name);
/// The same of <linux/vmalloc.h>.
bool isOfVmalloc(llvm::StringRef Name);

} // namespace vfio

#endif // VFIO_CONTRACTS_DECLARED_H
