// SPDX-License-Identifier: GPL-2.0
#include "borage.h"

static int borage_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void borage_close_device(struct vfio_device *vdev)
{
}

const struct vfio_device_ops borage_dev_ops = {
	.name		= "borage",
	.release	= vfio_free_device,
	.open_device	= borage_open_device,
	.close_device	= borage_close_device,
};

static int borage_probe(struct mdev_device *mdev)
{
	struct borage *b = NULL;
	int ret;

	ret = borage_make(&mdev->dev, &b);
	if (ret) {
		if (b)
			vfio_put_device(&b->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, b);
	return 0;
}

static void borage_remove(struct mdev_device *mdev)
{
	struct borage *b = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&b->vdev);
	vfio_put_device(&b->vdev);
}

static struct mdev_driver borage_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= borage_probe,
	.remove		= borage_remove,
	.driver		= {
		.name		= "borage",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(borage_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("borage");
