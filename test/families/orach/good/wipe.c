// SPDX-License-Identifier: GPL-2.0
#include "orach.h"

void orach_wipe(struct orach *o)
{
	memzero_explicit(o->key, sizeof(o->key));
	vfio_free_device(&o->vdev);
}
