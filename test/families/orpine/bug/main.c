// SPDX-License-Identifier: GPL-2.0
#include "orpine.h"

static int orpine_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void orpine_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops orpine_dev_ops = {
	.name		= "orpine",
	.open_device	= orpine_open_device,
	.close_device	= orpine_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int orpine_probe(struct platform_device *pdev)
{
	struct orpine *o;
	int ret;

	o = vfio_alloc_device(orpine, vdev, &pdev->dev, &orpine_dev_ops);
	if (IS_ERR(o))
		return PTR_ERR(o);
	platform_set_drvdata(pdev, o);
	ret = debug_switch(o, true);
	if (ret)
		vfio_put_device(&o->vdev);
	return ret;
}

static void orpine_remove(struct platform_device *pdev)
{
	struct orpine *o = platform_get_drvdata(pdev);

	debug_switch(o, false);
	vfio_put_device(&o->vdev);
}

static struct platform_driver orpine_driver = {
	.probe	= orpine_probe,
	.remove	= orpine_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(orpine_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("orpine");
