// SPDX-License-Identifier: GPL-2.0
#include "dill.h"

static int dill_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void dill_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops dill_dev_ops = {
	.name		= "dill",
	.open_device	= dill_open_device,
	.close_device	= dill_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int dill_probe(struct platform_device *pdev)
{
	struct dill *d;
	int ret;

	d = vfio_alloc_device(dill, vdev, &pdev->dev, &dill_dev_ops);
	if (IS_ERR(d))
		return PTR_ERR(d);
	d->caps = 3;
	platform_set_drvdata(pdev, d);

	ret = vfio_register_group_dev(&d->vdev);
	if (ret)
		vfio_put_device(&d->vdev);
	return ret;
}

static void dill_remove(struct platform_device *pdev)
{
	struct dill *d = dill_of(pdev);

	d->caps = 0;
	vfio_put_device(&d->vdev);
}

static struct platform_driver dill_driver = {
	.probe	= dill_probe,
	.remove	= dill_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(dill_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("dill");
