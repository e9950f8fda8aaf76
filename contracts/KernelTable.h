//===- KernelTable.h - Functions of the kernel that end no life -----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_KERNELTABLE_H
#define VFIO_CONTRACTS_KERNELTABLE_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace vfio {

/// What a function of the kernel does that its signature does not say.
enum class KernelDeed {
  Looks,       ///< nothing to a life: it looks, copies, initialises, locks
  Unlinks,     ///< takes a structure out of a list, or moves it to another
  Asks,        ///< answers what it finds in its arguments
  AsksEmpty,   ///< answers whether its argument is in no list
  Counts,      ///< answers what it finds in its arguments, which it may change
  LastShare,   ///< the same, and the answer is whether that was the last share
  Tries,       ///< answers whether it could do something
  Defers,      ///< somebody else runs, or goes on, because of it
  Passes,      ///< returns its first argument
  PassesError, ///< returns its second argument
  Member       ///< gives the struct device of its argument, or what that is in
};

/// What \p Function does; none where it is not in the table.
std::optional<KernelDeed> kernelDeed(llvm::StringRef Function);

} // namespace vfio

#endif // VFIO_CONTRACTS_KERNELTABLE_H
