// SPDX-License-Identifier: GPL-2.0
#include "melilot.h"

bool melilot_settle(struct melilot *m)
{
	if (m->jobs > 1) {
		pr_info("%u jobs lost\n", m->jobs);
		vfio_put_device(&m->vdev);
		return true;
	}
	return true;
}
