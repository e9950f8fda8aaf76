// SPDX-License-Identifier: GPL-2.0
#include "poppy.h"

struct poppy *poppy_grown(struct poppy *p)
{
	int ret = vfio_register_group_dev(&p->vdev);

	p->seeds = 9;
	return ret ? ERR_PTR(ret) : p;
}
