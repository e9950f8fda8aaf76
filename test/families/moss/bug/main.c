// SPDX-License-Identifier: GPL-2.0
#include "moss.h"

static int moss_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void moss_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops moss_dev_ops = {
	.name		= "moss",
	.open_device	= moss_open_device,
	.close_device	= moss_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int moss_probe(struct platform_device *pdev)
{
	struct moss *m;
	int ret;

	m = vfio_alloc_device(moss, vdev, &pdev->dev, &moss_dev_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	ret = vfio_register_group_dev(&m->vdev);
	if (ret) {
		vfio_put_device(&m->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, m);
	return 0;
}

static void moss_remove(struct platform_device *pdev)
{
	struct moss *m = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&m->vdev);
	moss_dry(m, 2);
}

static struct platform_driver moss_driver = {
	.probe	= moss_probe,
	.remove	= moss_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(moss_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("moss");
