// SPDX-License-Identifier: GPL-2.0
#include "kale.h"

static int kale_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void kale_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops kale_dev_ops = {
	.name		= "kale",
	.release	= vfio_free_device,
	.open_device	= kale_open_device,
	.close_device	= kale_close_device,
};

static int kale_probe(struct mdev_device *mdev)
{
	struct kale *k;
	int ret;

	k = vfio_alloc_device(kale, vdev, &mdev->dev, &kale_dev_ops);
	if (IS_ERR(k))
		return PTR_ERR(k);
	kref_init(&k->users);
	ret = vfio_register_emulated_iommu_dev(&k->vdev);
	if (ret) {
		kref_put(&k->users, kale_last);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, k);
	return 0;
}

static void kale_remove(struct mdev_device *mdev)
{
	struct kale *k = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&k->vdev);
	kref_put(&k->users, kale_last);
}

static struct mdev_driver kale_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= kale_probe,
	.remove		= kale_remove,
	.driver		= {
		.name		= "kale",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(kale_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kale");
