// SPDX-License-Identifier: GPL-2.0
#include "tormentil.h"

static int tormentil_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void tormentil_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops tormentil_dev_ops = {
	.name		= "tormentil",
	.release	= vfio_free_device,
	.open_device	= tormentil_open_device,
	.close_device	= tormentil_close_device,
};

static int tormentil_probe(struct platform_device *pdev)
{
	struct tormentil *t;
	int ret;

	t = vfio_alloc_device(tormentil, vdev, &pdev->dev, &tormentil_dev_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	t->shared = pdev->id > 0;
	ret = vfio_register_group_dev(&t->vdev);
	if (ret) {
		tormentil_away(t);
		return ret;
	}
	platform_set_drvdata(pdev, t);
	return 0;
}

static int tormentil_remove(struct platform_device *pdev)
{
	struct tormentil *t = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&t->vdev);
	tormentil_away(t);
	return 0;
}

static struct platform_driver tormentil_driver = {
	.probe	= tormentil_probe,
	.remove	= tormentil_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(tormentil_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("tormentil");
