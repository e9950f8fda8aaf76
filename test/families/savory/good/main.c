// SPDX-License-Identifier: GPL-2.0
#include "savory.h"

static int savory_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void savory_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops savory_dev_ops = {
	.name		= "savory",
	.open_device	= savory_open_device,
	.close_device	= savory_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int savory_probe(struct platform_device *pdev)
{
	struct savory *s;
	int ret;

	s = vfio_alloc_device(savory, vdev, &pdev->dev, &savory_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = devm_add_action_or_reset(&pdev->dev, savory_undo, s);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, s);
	return vfio_register_group_dev(&s->vdev);
}

static void savory_remove(struct platform_device *pdev)
{
	struct savory *s = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
}

static struct platform_driver savory_driver = {
	.probe	= savory_probe,
	.remove	= savory_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(savory_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("savory");
