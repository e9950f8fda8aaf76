// SPDX-License-Identifier: GPL-2.0
#include "tormentil.h"

void tormentil_away(struct tormentil *t)
{
	if (t->shared) {
		t->left = 0;
		return;
	}
	vfio_put_device(&t->vdev);
}
