// SPDX-License-Identifier: GPL-2.0
#include "hyssop.h"

static int hyssop_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void hyssop_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops hyssop_dev_ops = {
	.name		= "hyssop",
	.open_device	= hyssop_open_device,
	.close_device	= hyssop_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int hyssop_probe(struct platform_device *pdev)
{
	struct hyssop *a;
	int ret;

	a = vfio_alloc_device(hyssop, vdev, &pdev->dev, &hyssop_dev_ops);
	if (IS_ERR(a))
		return PTR_ERR(a);
	platform_set_drvdata(pdev, a);
	ret = vfio_register_group_dev(&a->vdev);
	if (ret)
		debug_dump(&pdev->dev);
	return ret;
}

static void hyssop_remove(struct platform_device *pdev)
{
	struct hyssop *a = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&a->vdev);
	debug_dump(&pdev->dev);
}

static struct platform_driver hyssop_driver = {
	.probe	= hyssop_probe,
	.remove	= hyssop_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(hyssop_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("hyssop");
