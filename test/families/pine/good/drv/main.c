// SPDX-License-Identifier: GPL-2.0
#include "pine.h"
#include "../lib/pine_lib.h"

static int pine_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void pine_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops pine_dev_ops = {
	.name		= "pine",
	.open_device	= pine_open_device,
	.close_device	= pine_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int pine_probe(struct platform_device *pdev)
{
	struct pine *a;
	int ret;

	a = vfio_alloc_device(pine, vdev, &pdev->dev, &pine_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		pine_lib_exit(&a->vdev);
	return ret;
}

static void pine_remove(struct platform_device *pdev)
{
	struct pine *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	pine_lib_exit(&a->vdev);
}

static struct platform_driver pine_driver = {
	.probe	= pine_probe,
	.remove	= pine_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(pine_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("pine");
