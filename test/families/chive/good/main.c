// SPDX-License-Identifier: GPL-2.0
#include "chive.h"

static int chive_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void chive_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops chive_dev_ops = {
	.name		= "chive",
	.open_device	= chive_open_device,
	.close_device	= chive_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int chive_probe(struct platform_device *pdev)
{
	struct chive *c;
	int ret;

	c = vfio_alloc_device(chive, vdev, &pdev->dev, &chive_dev_ops);
	if (IS_ERR(c))
		return PTR_ERR(c);
	ret = vfio_register_group_dev(&c->vdev);
	if (ret) {
		chive_fade(c);
		return ret;
	}
	platform_set_drvdata(pdev, c);
	return 0;
}

static void chive_remove(struct platform_device *pdev)
{
	struct chive *c = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&c->vdev);
	chive_fade(c);
}

static struct platform_driver chive_driver = {
	.probe	= chive_probe,
	.remove	= chive_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(chive_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("chive");
