// SPDX-License-Identifier: GPL-2.0
#include "lupin.h"

static int lupin_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void lupin_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops lupin_dev_ops = {
	.name		= "lupin",
	.open_device	= lupin_open_device,
	.close_device	= lupin_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int lupin_probe(struct platform_device *pdev)
{
	struct lupin *l;
	int ret;

	l = vfio_alloc_device(lupin, vdev, &pdev->dev, &lupin_dev_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	l->hw = &lupin_hw_v1;
	l->hw->start(l);

	platform_set_drvdata(pdev, l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		l->hw->stop(l);
	return ret;
}

static void lupin_remove(struct platform_device *pdev)
{
	struct lupin *l = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&l->vdev);
	l->hw->stop(l);
}

static struct platform_driver lupin_driver = {
	.probe	= lupin_probe,
	.remove	= lupin_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(lupin_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("lupin");
