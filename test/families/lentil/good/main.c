// SPDX-License-Identifier: GPL-2.0
#include "lentil.h"

static int lentil_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void lentil_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops lentil_dev_ops = {
	.name		= "lentil",
	.open_device	= lentil_open_device,
	.close_device	= lentil_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static void lentil_end(struct lentil *a)
{
	vfio_put_device(&a->vdev);
}

static int lentil_probe(struct platform_device *pdev)
{
	struct lentil *a;
	int ret;

	a = vfio_alloc_device(lentil, vdev, &pdev->dev, &lentil_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		lentil_apply(a, lentil_end);
	return ret;
}

static void lentil_remove(struct platform_device *pdev)
{
	struct lentil *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	lentil_apply(a, lentil_end);
}

static struct platform_driver lentil_driver = {
	.probe	= lentil_probe,
	.remove	= lentil_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(lentil_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("lentil");
