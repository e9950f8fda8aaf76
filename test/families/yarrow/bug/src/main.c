// SPDX-License-Identifier: GPL-2.0
#include "yarrow.h"
#include "yard.h"

static int yarrow_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void yarrow_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops yarrow_dev_ops = {
	.name		= "yarrow",
	.release	= vfio_free_device,
	.open_device	= yarrow_open_device,
	.close_device	= yarrow_close_device,
};

static int yarrow_probe(struct platform_device *pdev)
{
	struct yarrow *y = vfio_alloc_device(yarrow, vdev, &pdev->dev, &yarrow_dev_ops);
	int ret;

	if (IS_ERR(y))
		return PTR_ERR(y);
	ret = vfio_register_group_dev(&y->vdev);
	if (ret) {
		yard_sweep(&y->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, y);
	return 0;
}

static int yarrow_remove(struct platform_device *pdev)
{
	struct yarrow *y = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&y->vdev);
	yard_sweep(&y->vdev);
	return 0;
}

static struct platform_driver yarrow_driver = {
	.probe	= yarrow_probe,
	.remove	= yarrow_remove,
	.driver	= {
		.name = KBUILD_MODNAME,
	},
	.driver_managed_dma = true,
};
module_platform_driver(yarrow_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("yarrow");
