// SPDX-License-Identifier: GPL-2.0
#include "speedwell.h"

static int speedwell_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void speedwell_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops speedwell_dev_ops = {
	.name		= "speedwell",
	.open_device	= speedwell_open_device,
	.close_device	= speedwell_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int speedwell_probe(struct platform_device *pdev)
{
	struct speedwell *s;
	int ret;

	s = vfio_alloc_device(speedwell, vdev, &pdev->dev, &speedwell_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = vfio_register_group_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, s);
	return 0;
}

static void speedwell_remove(struct platform_device *pdev)
{
	struct speedwell *s = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
	speedwell_withdraw(s);
}

static struct platform_driver speedwell_driver = {
	.probe	= speedwell_probe,
	.remove	= speedwell_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(speedwell_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("speedwell");
