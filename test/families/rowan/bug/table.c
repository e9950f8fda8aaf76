// SPDX-License-Identifier: GPL-2.0
#include "rowan.h"

static int rowan_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void rowan_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops rowan_dev_ops = {
	.name		= "rowan",
	.release	= vfio_free_device,
	.open_device	= rowan_open_device,
	.close_device	= rowan_close_device,
};
