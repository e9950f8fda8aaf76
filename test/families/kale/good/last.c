// SPDX-License-Identifier: GPL-2.0
#include "kale.h"

void kale_last(struct kref *users)
{
	vfio_put_device(&container_of(users, struct kale, users)->vdev);
}
