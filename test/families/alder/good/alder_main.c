// SPDX-License-Identifier: GPL-2.0
#include "alder.h"

static int alder_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void alder_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops alder_dev_ops = {
	.name		= "alder",
	.open_device	= alder_open_device,
	.close_device	= alder_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int alder_probe(struct platform_device *pdev)
{
	struct alder *a;
	int ret;

	a = vfio_alloc_device(alder, vdev, &pdev->dev, &alder_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		shut_down(a);
	return ret;
}

static void alder_remove(struct platform_device *pdev)
{
	struct alder *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	shut_down(a);
}

static struct platform_driver alder_driver = {
	.probe	= alder_probe,
	.remove	= alder_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(alder_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("alder");
