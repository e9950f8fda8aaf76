// SPDX-License-Identifier: GPL-2.0
#include "bindweed.h"

static int bindweed_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void bindweed_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops bindweed_dev_ops = {
	.name		= "bindweed",
	.open_device	= bindweed_open_device,
	.close_device	= bindweed_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int bindweed_probe(struct platform_device *pdev)
{
	struct bindweed *b;
	int ret;

	b = vfio_alloc_device(bindweed, vdev, &pdev->dev, &bindweed_dev_ops);
	if (IS_ERR(b))
		return PTR_ERR(b);

	ret = vfio_register_group_dev(&b->vdev);
	if (ret) {
		test_leaf(b, ARRAY_SIZE(b->level));
		return ret;
	}
	platform_set_drvdata(pdev, b);
	return 0;
}

static void bindweed_remove(struct platform_device *pdev)
{
	struct bindweed *b = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&b->vdev);
	test_leaf(b, ARRAY_SIZE(b->level));
}

static struct platform_driver bindweed_driver = {
	.probe	= bindweed_probe,
	.remove	= bindweed_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(bindweed_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("bindweed");
