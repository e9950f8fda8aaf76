// SPDX-License-Identifier: GPL-2.0
#include "orach.h"

static int orach_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void orach_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops orach_dev_ops = {
	.name		= "orach",
	.release	= orach_gone,
	.open_device	= orach_open_device,
	.close_device	= orach_close_device,
};
