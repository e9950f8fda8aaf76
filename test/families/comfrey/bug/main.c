// SPDX-License-Identifier: GPL-2.0
#include "comfrey.h"

static int comfrey_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void comfrey_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops comfrey_dev_ops = {
	.name		= "comfrey",
	.release	= vfio_free_device,
	.open_device	= comfrey_open_device,
	.close_device	= comfrey_close_device,
};

static const u8 comfrey_template[256] = { 0x12, 0x1d };

static int comfrey_probe(struct mdev_device *mdev)
{
	struct comfrey *c = vfio_alloc_device(comfrey, vdev, &mdev->dev, &comfrey_dev_ops);
	int ret;

	if (IS_ERR(c))
		return PTR_ERR(c);

	ret = copy_config(c, comfrey_template, mdev->type ? 64 : 256);
	if (ret)
		goto out;
	dev_set_drvdata(&mdev->dev, c);
	ret = vfio_register_emulated_iommu_dev(&c->vdev);
	if (ret)
		goto out;
	return 0;
out:
	vfio_put_device(&c->vdev);
	return ret;
}

static void comfrey_remove(struct mdev_device *mdev)
{
	struct comfrey *c = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&c->vdev);
	vfio_put_device(&c->vdev);
}

static struct mdev_driver comfrey_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= comfrey_probe,
	.remove		= comfrey_remove,
	.driver		= {
		.name		= "comfrey",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(comfrey_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("comfrey");
