// SPDX-License-Identifier: GPL-2.0
#include "nepeta.h"

static int nepeta_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void nepeta_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops nepeta_dev_ops = {
	.name		= "nepeta",
	.open_device	= nepeta_open_device,
	.close_device	= nepeta_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int nepeta_probe(struct platform_device *pdev)
{
	struct nepeta *n;
	int ret;

	n = vfio_alloc_device(nepeta, vdev, &pdev->dev, &nepeta_dev_ops);
	if (IS_ERR(n))
		return PTR_ERR(n);
	ret = vfio_register_group_dev(&n->vdev);
	if (ret) {
		vfio_put_device(&n->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, n);
	return 0;
}

static void nepeta_remove(struct platform_device *pdev)
{
	struct nepeta *n = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&n->vdev);
	nepeta_go(n);
}

static struct platform_driver nepeta_driver = {
	.probe	= nepeta_probe,
	.remove	= nepeta_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(nepeta_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("nepeta");
