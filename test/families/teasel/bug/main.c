// SPDX-License-Identifier: GPL-2.0
#include "teasel.h"

static int teasel_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void teasel_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops teasel_dev_ops = {
	.name		= "teasel",
	.open_device	= teasel_open_device,
	.close_device	= teasel_close_device,
	.bind_iommufd	= vfio_iommufd_physical_bind,
	.unbind_iommufd	= vfio_iommufd_physical_unbind,
	.attach_ioas	= vfio_iommufd_physical_attach_ioas,
	.detach_ioas	= vfio_iommufd_physical_detach_ioas,
};

static int teasel_probe(struct platform_device *pdev)
{
	struct teasel *t;
	int err;

	t = vfio_alloc_device(teasel, vdev, &pdev->dev, &teasel_dev_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);

	t->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(t->base)) {
		err = PTR_ERR(t->base);
		t->base = NULL;
		goto out_unwind;
	}

	platform_set_drvdata(pdev, t);
	err = vfio_register_group_dev(&t->vdev);
	if (!err)
		return 0;

out_unwind:
	teasel_unwind(t);
	return err;
}

static void teasel_remove(struct platform_device *pdev)
{
	struct teasel *t = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&t->vdev);
	teasel_unwind(t);
}

static struct platform_driver teasel_driver = {
	.probe	= teasel_probe,
	.remove	= teasel_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(teasel_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("teasel");
