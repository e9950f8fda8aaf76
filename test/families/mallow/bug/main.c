// SPDX-License-Identifier: GPL-2.0
#include "mallow.h"

static int mallow_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void mallow_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops mallow_dev_ops = {
	.name		= "mallow",
	.open_device	= mallow_open_device,
	.close_device	= mallow_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int mallow_probe(struct platform_device *pdev)
{
	struct mallow *a;
	int ret;

	a = vfio_alloc_device(mallow, vdev, &pdev->dev, &mallow_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		mallow_end(a);
	return ret;
}

static void mallow_remove(struct platform_device *pdev)
{
	struct mallow *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	mallow_end(a);
}

static struct platform_driver mallow_driver = {
	.probe	= mallow_probe,
	.remove	= mallow_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(mallow_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mallow");
