// SPDX-License-Identifier: GPL-2.0
#include "sage.h"

static int sage_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void sage_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops sage_dev_ops = {
	.name		= "sage",
	.open_device	= sage_open_device,
	.close_device	= sage_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int sage_probe(struct platform_device *pdev)
{
	struct sage_bed *bed;
	struct sage *s;
	int ret;

	bed = devm_kzalloc(&pdev->dev, sizeof(*bed), GFP_KERNEL);
	if (!bed)
		return -ENOMEM;
	s = vfio_alloc_device(sage, vdev, &pdev->dev, &sage_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = vfio_register_group_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		return ret;
	}
	sage_plant(s, bed, pdev);
	return 0;
}

static void sage_remove(struct platform_device *pdev)
{
	struct sage *s = sage_of(pdev);

	sage_dig(s);
}

static struct platform_driver sage_driver = {
	.probe	= sage_probe,
	.remove	= sage_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(sage_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sage");
