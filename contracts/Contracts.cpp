//===- Contracts.cpp - What a function of the life cycle asks and gives ---===//
//
// Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "contracts/Contracts.h"

namespace vfio {

llvm::StringRef contractOf(Role R) {
  switch (R) {
  case Role::InitGroupDev:
  case Role::PciInitDevice:
    return "Prepares a structure that the driver allocated (old life cycle, to "
           "6.0).\nGive it back by the matching uninit, then free the "
           "structure yourself.";
  case Role::UninitGroupDev:
  case Role::PciUninitDevice:
    return "Ends what the matching init began (old life cycle, to 6.0).\n"
           "Call it after unregistering, once, and free the structure after "
           "it.";
  case Role::AddGroupDev:
  case Role::DelGroupDev:
  case Role::AddParent:
  case Role::DelParent:
    return "Of the kernels before 5.13 or 5.19: core has no structure of the "
           "driver's.\nvfio_init_group_dev, then vfio_alloc_device took its "
           "place.";
  case Role::AllocDevice:
    return "Allocates the driver's structure and calls '.init'; an error "
           "pointer when it fails, never NULL.\nThe caller holds one "
           "reference: give it back by vfio_put_device, on error paths too.";
  case Role::InitDevice:
    return "Like vfio_alloc_device, on a structure that the driver keeps "
           "beyond the device (vfio-ccw).\nAll others allocate with "
           "vfio_alloc_device.";
  case Role::PutDevice:
    return "Drops the reference of vfio_alloc_device; the last one runs "
           "'.release'.\nNothing may touch the structure after it.";
  case Role::FreeDevice:
    return "Frees the structure (to 6.1): the last act of '.release'.\n"
           "From 6.2 on core frees it, and this function is gone.";
  case Role::CoreRelease:
    return "Core's own: runs when the last reference is gone.\n"
           "A driver calls vfio_put_device.";
  case Role::PciInitDev:
    return "The '.init' of PCI variant drivers, or the last call of their "
           "own.\nIts counterpart is vfio_pci_core_release_dev in "
           "'.release'.";
  case Role::PciReleaseDev:
    return "The '.release' of PCI variant drivers, or the last call of their "
           "own.\nIt undoes vfio_pci_core_init_dev; to 6.1 it frees the "
           "structure, too.";
  case Role::Register:
  case Role::PciRegister:
    return "Makes the device visible: user space can open it before this "
           "returns.\nLook at the result; undo it by the matching "
           "unregister.";
  case Role::Unregister:
  case Role::PciUnregister:
    return "Waits until user space has let go of the device.\n"
           "Call it before the put, and only on what is registered.";
  default:
    return "";
  }
}

} // namespace vfio
