// SPDX-License-Identifier: GPL-2.0
#include "orach.h"

void orach_gone(struct vfio_device *core)
{
	orach_wipe(container_of(core, struct orach, vdev));
}
