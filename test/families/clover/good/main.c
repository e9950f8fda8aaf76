// SPDX-License-Identifier: GPL-2.0
#include "clover.h"

static int clover_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void clover_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops clover_dev_ops = {
	.name		= "clover",
	.open_device	= clover_open_device,
	.close_device	= clover_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int clover_probe(struct platform_device *pdev)
{
	struct clover *a;
	int ret;

	a = vfio_alloc_device(clover, vdev, &pdev->dev, &clover_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		clover_end(a);
	return ret;
}

static void clover_remove(struct platform_device *pdev)
{
	struct clover *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	clover_end(a);
}

static struct platform_driver clover_driver = {
	.probe	= clover_probe,
	.remove	= clover_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(clover_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("clover");
