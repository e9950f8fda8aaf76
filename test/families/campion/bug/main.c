// SPDX-License-Identifier: GPL-2.0
#include "campion.h"

static int campion_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void campion_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops campion_dev_ops = {
	.name		= "campion",
	.open_device	= campion_open_device,
	.close_device	= campion_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static int campion_probe(struct mdev_device *mdev)
{
	struct campion *c;
	int ret;

	c = vfio_alloc_device(campion, vdev, &mdev->dev, &campion_dev_ops);
	if (IS_ERR(c))
		return PTR_ERR(c);
	c->id = 1;
	ret = test_run(c);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, c);
	return 0;
}

static void campion_remove(struct mdev_device *mdev)
{
	struct campion *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver campion_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= campion_probe,
	.remove		= campion_remove,
	.driver		= {
		.name		= "campion",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(campion_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("campion");
