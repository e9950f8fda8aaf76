// SPDX-License-Identifier: GPL-2.0
#include "lovage.h"
#include "lovage_priv.h"

static void lovage_release(struct vfio_device *core)
{
	to_lovage(core)->room = 0;
	vfio_free_device(core);
}

static const struct vfio_device_ops lovage_dev_ops = {
	.name		= "lovage",
	.release	= lovage_release,
};

static int lovage_probe(struct platform_device *pdev)
{
	struct lovage *l;
	int ret;

	l = vfio_alloc_device(lovage, vdev, &pdev->dev, &lovage_dev_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, l);
	return 0;
}

static int lovage_remove(struct platform_device *pdev)
{
	struct lovage *l = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	return 0;
}

static struct platform_driver lovage_driver = {
	.probe	= lovage_probe,
	.remove	= lovage_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(lovage_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("lovage");
