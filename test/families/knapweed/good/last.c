// SPDX-License-Identifier: GPL-2.0
#include "knapweed.h"

void knapweed_last(struct kref *users)
{
	struct knapweed *k = container_of(users, struct knapweed, users);

	WRITE_ONCE(k->gen, 0);
	vfio_put_device(&k->vdev);
}
