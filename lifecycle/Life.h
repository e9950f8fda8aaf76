//===- Life.h - What the state of a path means for a device ---------------===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The engine moves structures with slots, flags and contracts along paths; here
// these get their meaning.
//
//===----------------------------------------------------------------------===//
#ifndef VFIO_LIFECYCLE_LIFE_H
#define VFIO_LIFECYCLE_LIFE_H

#include "contracts/ApiTable.h"
#include "contracts/ResourceTable.h"
#include "engine/State.h"

namespace vfio::flow {

using namespace engine;

/// The drvdata of a struct device, at the device's own offset.
constexpr Space Drvdata = Space(unsigned(Space::FirstOfClient));
/// What a member points to, not the member itself.
constexpr Space Pointee = Space(unsigned(Space::FirstOfClient) + 1);

/// What happens in the life of a structure: the slots of an Object.
enum class Event : uint8_t {
  Allocated,
  Initialised, ///< by the old model, or by vfio_init_device
  Registered,
  RegisterFailed, ///< the failing side of a register call
  Unregistered,
  Uninitialised,
  Put,
  Freed,
  CoreReleased, ///< vfio_pci_core_release_dev, where it does not free
  Tested,       ///< the pointer itself was compared, on the failing side
  PutByAction,  ///< a devm action was added that puts it
  UnregisteredByAction, ///< ... that may unregister it
  Count
};
static_assert(size_t(Event::Count) <= Object::Slots);

/// The bit of \p E in State::Elsewhere.
constexpr uint32_t bitOf(Event E) { return 1u << unsigned(E); }

/// The flags of an Object.
struct Life {
  enum Flag : uint32_t {
    Kept = Object::Escaped, ///< something that outlives the function has it
    Failed = Object::FirstOfClient, ///< the allocation's failing side: there is
                                    ///< no object
    NullTested = Failed << 1,       ///< ... and it was tested against NULL
    ErrorTested = Failed << 2,      ///< ... and it was tested by IS_ERR
    Assumed = Failed << 3,   ///< registered and referenced by another function
    Self = Failed << 4,      ///< the device of an @init or @release
    InDrvdata = Failed << 5, ///< the drvdata of a device points to it
    DevmOwned = Failed << 6, ///< a devm action of this TU ends its life
    Consulted = Failed << 7, ///< the result of the failed call was looked at
    Reported = Failed << 8,  ///< a finding was made; say no more about it
    OldModel = Failed << 9,  ///< initialised by the old model
    InitDevice = Failed << 10, ///< initialised by vfio_init_device
    Handed = Failed << 11 ///< a function of the driver's that was not read has
                          ///< seen it
  };
};

/// What \p O came from, when seen.
inline const ApiFunction *allocatorOf(const Object &O) {
  return static_cast<const ApiFunction *>(O.Contract);
}
/// The pair that \p H was taken by.
inline const ResourceRow &rowOf(const Held &H) {
  return *static_cast<const ResourceRow *>(H.Contract);
}
/// Allocated on this path, so that all of its life was seen.
inline bool isOurs(const Object &O) {
  return O.at(Event::Allocated) && !O.has(Life::Failed);
}
inline bool isRegistered(const Object &O) {
  return (O.at(Event::Registered) || O.has(Life::Assumed)) &&
         !O.at(Event::Unregistered);
}

} // namespace vfio::flow

#endif // VFIO_LIFECYCLE_LIFE_H
