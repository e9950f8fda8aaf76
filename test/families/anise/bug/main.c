// SPDX-License-Identifier: GPL-2.0
#include "anise.h"

static int anise_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void anise_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops anise_dev_ops = {
	.name		= "anise",
	.open_device	= anise_open_device,
	.close_device	= anise_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int anise_probe(struct platform_device *pdev)
{
	struct anise *a;
	int ret;

	a = vfio_alloc_device(anise, vdev, &pdev->dev, &anise_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	a->hw = anise_hw();
	ret = vfio_register_group_dev(&a->vdev);
	if (ret) {
		vfio_put_device(&a->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, a);
	return 0;
}

static void anise_remove(struct platform_device *pdev)
{
	struct anise *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	a->hw->quit(a);
}

static struct platform_driver anise_driver = {
	.probe	= anise_probe,
	.remove	= anise_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(anise_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("anise");
