// SPDX-License-Identifier: GPL-2.0
#include "tansy.h"

static int tansy_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void tansy_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops tansy_dev_ops = {
	.name		= "tansy",
	.release	= vfio_free_device,
	.open_device	= tansy_open_device,
	.close_device	= tansy_close_device,
};

static int tansy_probe(struct platform_device *pdev)
{
	struct tansy *t;
	int ret;

	t = vfio_alloc_device(tansy, vdev, &pdev->dev, &tansy_dev_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	t->bank = pdev->id;
	ret = vfio_register_group_dev(&t->vdev);
	if (ret)
		tansy_recycle(t);
	else
		platform_set_drvdata(pdev, t);
	return ret;
}

static int tansy_remove(struct platform_device *pdev)
{
	struct tansy *t = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&t->vdev);
	tansy_recycle(t);
	return 0;
}

static struct platform_driver tansy_driver = {
	.probe	= tansy_probe,
	.remove	= tansy_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(tansy_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tansy");
