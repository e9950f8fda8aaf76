// SPDX-License-Identifier: GPL-2.0
#include "rue.h"

static int rue_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void rue_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops rue_dev_ops = {
	.name		= "rue",
	.open_device	= rue_open_device,
	.close_device	= rue_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

void __weak rue_arch_end(struct rue *a)
{
	vfio_put_device(&a->vdev);
}

static int rue_probe(struct platform_device *pdev)
{
	struct rue *a;
	int ret;

	a = vfio_alloc_device(rue, vdev, &pdev->dev, &rue_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		rue_arch_end(a);
	return ret;
}

static void rue_remove(struct platform_device *pdev)
{
	struct rue *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	rue_arch_end(a);
}

static struct platform_driver rue_driver = {
	.probe	= rue_probe,
	.remove	= rue_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(rue_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("rue");
