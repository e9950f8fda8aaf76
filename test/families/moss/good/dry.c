// SPDX-License-Identifier: GPL-2.0
#include "moss.h"

void moss_dry(struct moss *m, int layers)
{
	if (layers) {
		m->water--;
		moss_dry(m, layers - 1);
		return;
	}
	vfio_put_device(&m->vdev);
}
