// SPDX-License-Identifier: GPL-2.0
#include "basil.h"

static int basil_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void basil_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops basil_dev_ops = {
	.name		= "basil",
	.open_device	= basil_open_device,
	.close_device	= basil_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int basil_probe(struct platform_device *pdev)
{
	struct basil *b;
	int ret;

	b = vfio_alloc_device(basil, vdev, &pdev->dev, &basil_dev_ops);
	if (IS_ERR(b))
		return PTR_ERR(b);
	kref_init(&b->users);
	ret = vfio_register_group_dev(&b->vdev);
	if (ret) {
		vfio_put_device(&b->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, b);
	return 0;
}

static void basil_remove(struct platform_device *pdev)
{
	struct basil *b = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&b->vdev);
	basil_drop(b);
}

static struct platform_driver basil_driver = {
	.probe	= basil_probe,
	.remove	= basil_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(basil_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("basil");
