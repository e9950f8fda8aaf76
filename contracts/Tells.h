//===- Tells.h - What single rules ask of the kernel's functions ----------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that has no role in a life, is none of a pair and ends nothing,
// but that some rule has to know.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_TELLS_H
#define VFIO_CONTRACTS_TELLS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace vfio {

/// What a call of a function of the kernel's tells of its caller.
enum class Tell {
  EnablesCore,     ///< core is asked to enable a PCI device
  FinishesEnable,  ///< core is told that this was all
  DisablesCore,    ///< core is asked to disable it
  ClosesCore,      ///< core's own `.close_device`
  PinsPages,       ///< pages of user space stay where they are
  WantsGroup,      ///< the device must be in an IOMMU group
  MakesGroup,      ///< the device is put into one of core's making
  KnowsGroup,      ///< the driver makes a group, or asks for one
  BeginsCount,     ///< a structure's references are counted from here
  TakesShare,      ///< takes one of the references that are counted
  DropsShare,      ///< gives one of them back
  DropsDevice,     ///< gives back a reference to a struct device
  AsksToStop,      ///< a thread that others stop
  AsksContext,     ///< the caller asks where it was called
  LeavesInterrupt, ///< the bus device frees an interrupt, after remove
  MakesFile,       ///< a file with the operations and the pointer given to it
  FollowsError     ///< gives back, and follows an ERR_PTR that it is given
};

/// What \p Function tells; nothing where it is not in the table.
std::optional<Tell> tellOf(llvm::StringRef Function);

/// The functions that tell \p What.
llvm::ArrayRef<llvm::StringRef> functionsThat(Tell What);

} // namespace vfio

#endif // VFIO_CONTRACTS_TELLS_H
