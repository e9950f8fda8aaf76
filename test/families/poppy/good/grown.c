// SPDX-License-Identifier: GPL-2.0
#include "poppy.h"

struct poppy *poppy_grown(struct poppy *p)
{
	int ret = vfio_register_group_dev(&p->vdev);

	if (ret) {
		vfio_put_device(&p->vdev);
		return ERR_PTR(ret);
	}
	p->seeds = 9;
	return p;
}
