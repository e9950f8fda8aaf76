// SPDX-License-Identifier: GPL-2.0
#include "melilot.h"

static int melilot_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void melilot_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops melilot_dev_ops = {
	.name		= "melilot",
	.open_device	= melilot_open_device,
	.close_device	= melilot_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int melilot_probe(struct platform_device *pdev)
{
	struct melilot *m;
	int ret;

	m = vfio_alloc_device(melilot, vdev, &pdev->dev, &melilot_dev_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	m->jobs = 2;
	ret = vfio_register_group_dev(&m->vdev);
	if (ret) {
		if (melilot_settle(m))
			vfio_put_device(&m->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, m);
	return 0;
}

static void melilot_remove(struct platform_device *pdev)
{
	struct melilot *m = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&m->vdev);
	if (melilot_settle(m))
		vfio_put_device(&m->vdev);
}

static struct platform_driver melilot_driver = {
	.probe	= melilot_probe,
	.remove	= melilot_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(melilot_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("melilot");
