// SPDX-License-Identifier: GPL-2.0
#include "beech.h"

static int beech_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void beech_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops beech_dev_ops = {
	.name		= "beech",
	.open_device	= beech_open_device,
	.close_device	= beech_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int beech_probe(struct platform_device *pdev)
{
	struct beech *a;
	int ret;

	a = vfio_alloc_device(beech, vdev, &pdev->dev, &beech_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		shut_down(a);
	return ret;
}

static void beech_remove(struct platform_device *pdev)
{
	struct beech *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	shut_down(a);
}

static struct platform_driver beech_driver = {
	.probe	= beech_probe,
	.remove	= beech_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(beech_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("beech");
