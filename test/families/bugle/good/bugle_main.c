// SPDX-License-Identifier: GPL-2.0
#include "bugle.h"

static int bugle_open(struct vfio_device *vdev)
{
	struct bugle *x = container_of(vdev, struct bugle, vdev);

	x->count = kzalloc(sizeof(*x->count), GFP_KERNEL);
	if (!x->count)
		return -ENOMEM;
	bugle_begin(x);
	return 0;
}

static void bugle_close(struct vfio_device *vdev)
{
	struct bugle *x = container_of(vdev, struct bugle, vdev);

	bugle_end(x);
	kfree(x->count);
	x->count = NULL;
}

static const struct vfio_device_ops bugle_ops = {
	.name = "bugle",
	.release = vfio_free_device,
	.open_device = bugle_open,
	.close_device = bugle_close,
};

static int bugle_probe(struct mdev_device *mdev)
{
	struct bugle *x;
	int ret;

	x = vfio_alloc_device(bugle, vdev, &mdev->dev, &bugle_ops);
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

static void bugle_remove(struct mdev_device *mdev)
{
	struct bugle *x = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&x->vdev);
	vfio_put_device(&x->vdev);
}

static struct mdev_driver bugle_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = { .name = "bugle", .owner = THIS_MODULE, .mod_name = KBUILD_MODNAME },
	.probe = bugle_probe,
	.remove = bugle_remove,
};

module_driver(bugle_driver, mdev_register_driver, mdev_unregister_driver);
MODULE_LICENSE("GPL");
