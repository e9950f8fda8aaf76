// SPDX-License-Identifier: GPL-2.0
#include "kiosk.h"

static int kiosk_open(struct vfio_device *vdev)
{
	return 0;
}

static const struct vfio_device_ops kiosk_ops = {
	.name = "kiosk",
	.open_device = kiosk_open,
};

static int kiosk_probe(struct mdev_device *mdev)
{
	struct kiosk *k;
	int ret;

	k = kzalloc(sizeof(*k), GFP_KERNEL);
	if (!k)
		return -ENOMEM;
	vfio_init_group_dev(&k->vdev, &mdev->dev, &kiosk_ops);
	k->till = kzalloc(64, GFP_KERNEL);
	if (!k->till) {
		ret = -ENOMEM;
		goto err_uninit;
	}
	ret = vfio_register_emulated_iommu_dev(&k->vdev);
	if (ret)
		goto err_till;
	dev_set_drvdata(&mdev->dev, k);
	return 0;

err_till:
	kfree(k->till);
err_uninit:
	vfio_uninit_group_dev(&k->vdev);
	kfree(k);
	return ret;
}

static void kiosk_remove(struct mdev_device *mdev)
{
	struct kiosk *k = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&k->vdev);
	kfree(k->till);
	vfio_uninit_group_dev(&k->vdev);
	kfree(k);
}
