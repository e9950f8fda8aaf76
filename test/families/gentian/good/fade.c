// SPDX-License-Identifier: GPL-2.0
#include "gentian.h"

void fade(struct vfio_pci_core_device *core)
{
	vfio_pci_core_unregister_device(core);
}
