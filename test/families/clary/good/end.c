// SPDX-License-Identifier: GPL-2.0
#include "clary.h"

void mutex_end(struct vfio_device *core)
{
	struct clary *c = container_of(core, struct clary, vdev);

	kfree(c->store);
}
