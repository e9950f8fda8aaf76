// SPDX-License-Identifier: GPL-2.0
#include "ulex.h"

static int ulex_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void ulex_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops ulex_dev_ops = {
	.name		= "ulex",
	.open_device	= ulex_open_device,
	.close_device	= ulex_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static LIST_HEAD(all);
static struct platform_device *host;

static int __init ulex_one(struct device *dev)
{
	struct ulex *u;
	int ret;

	u = vfio_alloc_device(ulex, vdev, dev, &ulex_dev_ops);
	if (IS_ERR(u))
		return PTR_ERR(u);
	ret = vfio_register_emulated_iommu_dev(&u->vdev);
	if (ret) {
		vfio_put_device(&u->vdev);
		return ret;
	}
	list_add_tail(&u->link, &all);
	return 0;
}

static int __init ulex_start(void)
{
	int i, ret;

	host = platform_device_register_simple("ulex", -1, NULL, 0);
	if (IS_ERR(host))
		return PTR_ERR(host);
	for (i = 0; i < 3; i++) {
		ret = ulex_one(&host->dev);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	uuid_sweep(&all);
	platform_device_unregister(host);
	return ret;
}

static void __exit ulex_stop(void)
{
	uuid_sweep(&all);
	platform_device_unregister(host);
}
module_init(ulex_start);
module_exit(ulex_stop);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("ulex");
