// SPDX-License-Identifier: GPL-2.0
#include "hemp.h"

static int hemp_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void hemp_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops hemp_dev_ops = {
	.name		= "hemp",
	.open_device	= hemp_open_device,
	.close_device	= hemp_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int hemp_probe(struct platform_device *pdev)
{
	struct hemp *h;
	int ret;

	h = vfio_alloc_device(hemp, vdev, &pdev->dev, &hemp_dev_ops);
	if (IS_ERR(h))
		return PTR_ERR(h);
	ret = vfio_register_group_dev(&h->vdev);
	if (ret) {
		vfio_put_device(&h->vdev);
		return ret;
	}
	hemp_keep(pdev, h);
	return 0;
}

static void hemp_remove(struct platform_device *pdev)
{
	struct hemp *h = hemp_of(pdev);

	hemp_ret(h);
}

static struct platform_driver hemp_driver = {
	.probe	= hemp_probe,
	.remove	= hemp_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(hemp_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("hemp");
