//===- Contracts.h - What a function of the life cycle asks and gives -----===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_CONTRACTS_H
#define VFIO_CONTRACTS_CONTRACTS_H

#include "contracts/ApiTable.h"

namespace vfio {

/// The contract of the functions of role \p R, for a person: two sentences, on
/// a line each. Empty for what is no part of a device's life.
llvm::StringRef contractOf(Role R);

} // namespace vfio

#endif // VFIO_CONTRACTS_CONTRACTS_H
