// SPDX-License-Identifier: GPL-2.0
#include "spurge.h"

static int spurge_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void spurge_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops spurge_dev_ops = {
	.name		= "spurge",
	.open_device	= spurge_open_device,
	.close_device	= spurge_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};
