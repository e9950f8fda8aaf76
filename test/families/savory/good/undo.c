// SPDX-License-Identifier: GPL-2.0
#include "savory.h"

void savory_undo(void *data)
{
	struct savory *s = data;

	s->mode = 0;
	vfio_put_device(&s->vdev);
}
