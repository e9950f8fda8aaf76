//===- LifeEvents.cpp - What happens to a device on a path ----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lifecycle/LifeEvents.h"

namespace vfio {

llvm::StringRef textOf(LifeEvent E) {
  switch (E) {
  case LifeEvent::Allocated:
    return "alloc";
  case LifeEvent::Initialised:
    return "init";
  case LifeEvent::Registered:
    return "register";
  case LifeEvent::RegisterFailed:
    return "register fails";
  case LifeEvent::Unregistered:
    return "unregister";
  case LifeEvent::Uninitialised:
    return "uninit";
  case LifeEvent::Put:
    return "put";
  case LifeEvent::CoreReleased:
    return "core release";
  case LifeEvent::Freed:
    return "free";
  }
  return "";
}

std::string textOf(llvm::ArrayRef<LifeEvent> Events) {
  std::string Out;
  for (LifeEvent E : Events)
    Out += ((Out.empty() ? "" : ", ") + textOf(E)).str();
  return Out;
}

} // namespace vfio
