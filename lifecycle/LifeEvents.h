//===- LifeEvents.h - What happens to a device on a path ------------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_LIFEEVENTS_H
#define VFIO_LIFECYCLE_LIFEEVENTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace vfio {

/// What happens to the structure of a device on a path, in the order of a life.
enum class LifeEvent {
  Allocated,
  Initialised,
  Registered,
  RegisterFailed,
  Unregistered,
  Uninitialised,
  Put,
  CoreReleased,
  Freed
};

/// "alloc", "register fails" and the like.
llvm::StringRef textOf(LifeEvent E);
/// The same of several, with commas between them.
std::string textOf(llvm::ArrayRef<LifeEvent> Events);

} // namespace vfio

#endif // VFIO_LIFECYCLE_LIFEEVENTS_H
