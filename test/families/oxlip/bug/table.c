// SPDX-License-Identifier: GPL-2.0
#include "oxlip.h"

static int oxlip_log_begin(struct vfio_device *core)
{
	struct oxlip *o = container_of(core, struct oxlip, vdev);

	o->log = kvzalloc(SZ_64K, GFP_KERNEL);
	return o->log ? 0 : -ENOMEM;
}

static void oxlip_end(struct vfio_device *core)
{
	oxlip_log_end(container_of(core, struct oxlip, vdev));
}

static int oxlip_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void oxlip_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops oxlip_dev_ops = {
	.name		= "oxlip",
	.init		= oxlip_log_begin,
	.release	= oxlip_end,
	.open_device	= oxlip_open_device,
	.close_device	= oxlip_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};
