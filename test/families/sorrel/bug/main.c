// SPDX-License-Identifier: GPL-2.0
#include "sorrel.h"

static int sorrel_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void sorrel_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops sorrel_dev_ops = {
	.name		= "sorrel",
	.release	= vfio_free_device,
	.open_device	= sorrel_open_device,
	.close_device	= sorrel_close_device,
};

static int sorrel_probe(struct platform_device *pdev)
{
	struct sorrel *s;
	int ret;

	s = vfio_alloc_device(sorrel, vdev, &pdev->dev, &sorrel_dev_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	platform_set_drvdata(pdev, s);
	ret = vfio_register_group_dev(&s->vdev);
	if (ret)
		goto err_put;
	ret = sorrel_arm(&pdev->dev, s);
	if (ret)
		goto err_unregister;
	return 0;

err_unregister:
	vfio_unregister_group_dev(&s->vdev);
err_put:
	vfio_put_device(&s->vdev);
	return ret;
}

static int sorrel_remove(struct platform_device *pdev)
{
	struct sorrel *s = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
	return 0;
}

static struct platform_driver sorrel_driver = {
	.probe	= sorrel_probe,
	.remove	= sorrel_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(sorrel_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("sorrel");
