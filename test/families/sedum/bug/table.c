// SPDX-License-Identifier: GPL-2.0
#include "sedum.h"

static int sedum_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void sedum_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops sedum_dev_ops = {
	.name		= "sedum",
	.release	= vfio_free_device,
	.open_device	= sedum_open_device,
	.close_device	= sedum_close_device,
};
