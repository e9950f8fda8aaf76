// SPDX-License-Identifier: GPL-2.0
#include "knapweed.h"

static int knapweed_open_device(struct vfio_device *vdev)
{
	return 0;
}

static void knapweed_close_device(struct vfio_device *vdev)
{
}

static const struct vfio_device_ops knapweed_dev_ops = {
	.name		= "knapweed",
	.open_device	= knapweed_open_device,
	.close_device	= knapweed_close_device,
	.bind_iommufd	= vfio_iommufd_emulated_bind,
	.unbind_iommufd	= vfio_iommufd_emulated_unbind,
	.attach_ioas	= vfio_iommufd_emulated_attach_ioas,
	.detach_ioas	= vfio_iommufd_emulated_detach_ioas,
};

static int knapweed_probe(struct mdev_device *mdev)
{
	struct knapweed *k;
	int ret;

	k = vfio_alloc_device(knapweed, vdev, &mdev->dev, &knapweed_dev_ops);
	if (IS_ERR(k))
		return PTR_ERR(k);
	kref_init(&k->users);
	ret = vfio_register_emulated_iommu_dev(&k->vdev);
	if (ret) {
		kref_put(&k->users, knapweed_last);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, k);
	return 0;
}

static void knapweed_remove(struct mdev_device *mdev)
{
	struct knapweed *k = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&k->vdev);
	kref_put(&k->users, knapweed_last);
}

static struct mdev_driver knapweed_driver = {
	.device_api	= VFIO_DEVICE_API_PCI_STRING,
	.max_instances	= 8,
	.probe		= knapweed_probe,
	.remove		= knapweed_remove,
	.driver		= {
		.name		= "knapweed",
		.owner		= THIS_MODULE,
		.mod_name	= KBUILD_MODNAME,
	},
};
module_driver(knapweed_driver, mdev_register_driver, mdev_unregister_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("knapweed");
