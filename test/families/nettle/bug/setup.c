// SPDX-License-Identifier: GPL-2.0
#include "nettle.h"

bool complete_setup(struct nettle *n)
{
	n->tries++;
	if (vfio_register_group_dev(&n->vdev) == 0)
		return true;
	vfio_put_device(&n->vdev);
	return false;
}
