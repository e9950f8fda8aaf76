//===- Carriers.h - Structures that end what they are given ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_CARRIERS_H
#define VFIO_CONTRACTS_CARRIERS_H

#include "llvm/ADT/StringRef.h"

namespace vfio {

/// True where operations of its own end what a driver leaves in \p Structure.
bool isCarrier(llvm::StringRef Structure);

} // namespace vfio

#endif // VFIO_CONTRACTS_CARRIERS_H
