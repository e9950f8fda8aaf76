// SPDX-License-Identifier: GPL-2.0
#include "bindweed.h"

void test_leaf(struct bindweed *b, int depth)
{
	if (!depth) {
		vfio_put_device(&b->vdev);
		return;
	}
	b->level[depth - 1] = 0;
	test_leaf(b, depth - 1);
}
