// SPDX-License-Identifier: GPL-2.0
#include "cicely.h"

static int cicely_open(struct vfio_device *vdev)
{
	struct cicely *x = container_of(vdev, struct cicely, vdev);

	x->ring = cicely_make();
	if (!x->ring)
		return -ENOMEM;
	return 0;
}

static void cicely_close(struct vfio_device *vdev)
{
	struct cicely *x = container_of(vdev, struct cicely, vdev);

	cicely_empty(x->ring);
	cicely_drop(x->ring);
	x->ring = NULL;
}

static const struct vfio_device_ops cicely_ops = {
	.name = "cicely",
	.release = vfio_free_device,
	.open_device = cicely_open,
	.close_device = cicely_close,
};

static int cicely_probe(struct mdev_device *mdev)
{
	struct cicely *x;
	int ret;

	x = vfio_alloc_device(cicely, vdev, &mdev->dev, &cicely_ops);
	if (IS_ERR(x))
		return PTR_ERR(x);
	ret = vfio_register_emulated_iommu_dev(&x->vdev);
	if (ret) {
		vfio_put_device(&x->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, x);
	return 0;
}

static void cicely_remove(struct mdev_device *mdev)
{
	struct cicely *x = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&x->vdev);
	vfio_put_device(&x->vdev);
}

static struct mdev_driver cicely_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = { .name = "cicely", .owner = THIS_MODULE, .mod_name = KBUILD_MODNAME },
	.probe = cicely_probe,
	.remove = cicely_remove,
};

module_driver(cicely_driver, mdev_register_driver, mdev_unregister_driver);
MODULE_LICENSE("GPL");
