//===- Protocol.h - What may happen to a device, and when -----------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The words of Protocol.def, whose rows are the state machine of a device's
// life: what an operation makes of it, and in which state it is a mistake.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_CONTRACTS_PROTOCOL_H
#define VFIO_CONTRACTS_PROTOCOL_H

namespace vfio {

/// What is done to a device.
enum class Op {
  Put,           ///< a reference is dropped
  FreeByCore,    ///< core's own function frees it
  FreeMemory,    ///< an allocator's function frees it
  CleanUp,       ///< core's ready-made release cleans it up
  Register,      ///< it is made visible
  RegisterFails, ///< that failed
  Unregister,    ///< its users are waited for
  Init,          ///< it is prepared by the old model
  Uninit         ///< the old model's preparation is undone
};

/// A state of it.
enum class When {
  InInit,          ///< in `.init`, for its own device
  InRelease,       ///< in `.release`, for its own device
  ReleaseFrees,    ///< in `.release`, where the driver has to free it
  ReleaseMustNot,  ///< in `.release`, where core frees it
  ReleaseOutlived, ///< in `.release`, and the structure outlives its device
  OutsideRelease,  ///< outside of `.release`, and core has allocated it
  MadeByCore,      ///< core has allocated it
  AfterLastPut,    ///< its reference was put
  AfterOwnPut,     ///< the reference that this path took was put
  AfterPut,        ///< some reference was put
  ActionPuts,      ///< a devm action was added that puts it
  AfterFree,       ///< it was freed
  AfterOwnFree,    ///< it was freed, in its `.release`
  AfterCleanUp,    ///< core's ready-made release was called, in its `.release`
  Registered,      ///< it is registered
  StillRegistered, ///< it is registered, and no devm action ends that
  RegisteredHere,  ///< this path has registered it
  NotRegistered,   ///< this path did not register it, or has unregistered it
  AfterUninit      ///< the old model's preparation was undone
};

/// What a message shows besides.
enum class Shown {
  Nothing,
  Put,            ///< where it was put
  Action,         ///< where the devm action was added
  Free,           ///< where it was freed
  CleanUp,        ///< where core's release was called
  Allocation,     ///< where this path allocated it
  Allocator,      ///< where it was allocated, in another function as well
  Registered,     ///< where this path registered it
  Registration,   ///< where it was registered; what may have ended that excuses
  Unregistration, ///< where it was unregistered, or its registration failed
  Uninit          ///< where it was uninitialised
};

} // namespace vfio

#endif // VFIO_CONTRACTS_PROTOCOL_H
