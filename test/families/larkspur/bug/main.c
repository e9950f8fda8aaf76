// SPDX-License-Identifier: GPL-2.0
#include "larkspur.h"

static int larkspur_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void larkspur_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops larkspur_dev_ops = {
	.name		= "larkspur",
	.open_device	= larkspur_open_device,
	.close_device	= larkspur_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int larkspur_probe(struct platform_device *pdev)
{
	struct larkspur *l;
	int ret;

	l = vfio_alloc_device(larkspur, vdev, &pdev->dev, &larkspur_dev_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, l);
	return larkspur_bind(&pdev->dev, l);
}


static struct platform_driver larkspur_driver = {
	.probe	= larkspur_probe,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(larkspur_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("larkspur");
