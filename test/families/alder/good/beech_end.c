// SPDX-License-Identifier: GPL-2.0
#include "beech.h"

void shut_down(struct beech *a)
{
	a->rank = 0;
	vfio_put_device(&a->vdev);
}
