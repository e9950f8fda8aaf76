//===- Waits.h - Functions by which one waits for another -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_WAITS_H
#define VFIO_CONTRACTS_WAITS_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace vfio {

/// What a function of the kernel is to those who wait.
enum class Wait {
  Awaits,    ///< returns when somebody has completed
  Completes, ///< says to those who await that it is done
  Wakes,     ///< lets those go on who sleep in a queue
  Quiets     ///< returns when what ran has ended
};

/// What \p Function is; none where it is not in the table.
std::optional<Wait> waitOf(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_WAITS_H
