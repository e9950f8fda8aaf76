// SPDX-License-Identifier: GPL-2.0
#include "betony.h"

static int betony_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void betony_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops betony_dev_ops = {
	.name		= "betony",
	.open_device	= betony_open_device,
	.close_device	= betony_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int betony_probe(struct platform_device *pdev)
{
	struct betony *b;
	int ret;

	b = vfio_alloc_device(betony, vdev, &pdev->dev, &betony_dev_ops);
	if (IS_ERR(b))
		return PTR_ERR(b);
	ret = betony_keep(b);
	if (ret) {
		vfio_put_device(&b->vdev);
		return ret;
	}
	ret = vfio_register_group_dev(&b->vdev);
	if (ret) {
		betony_forget();
		return ret;
	}
	platform_set_drvdata(pdev, b);
	return 0;
}

static void betony_remove(struct platform_device *pdev)
{
	struct betony *b = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&b->vdev);
	betony_forget();
}

static struct platform_driver betony_driver = {
	.probe	= betony_probe,
	.remove	= betony_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(betony_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("betony");
