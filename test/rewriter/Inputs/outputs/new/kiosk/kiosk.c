// SPDX-License-Identifier: GPL-2.0
#include "kiosk.h"

static int kiosk_open(struct vfio_device *vdev)
{
	return 0;
}

static int kiosk_init_dev(struct vfio_device *vdev)
{
	struct kiosk *k = container_of(vdev, struct kiosk, vdev);

	k->till = kzalloc(64, GFP_KERNEL);
	return k->till ? 0 : -ENOMEM;
}

static void kiosk_release_dev(struct vfio_device *vdev)
{
	struct kiosk *k = container_of(vdev, struct kiosk, vdev);

	kfree(k->till);
	vfio_free_device(vdev);
}

static const struct vfio_device_ops kiosk_ops = {
	.name = "kiosk",
	.init = kiosk_init_dev,
	.release = kiosk_release_dev,
	.open_device = kiosk_open,
};

static int kiosk_probe(struct mdev_device *mdev)
{
	struct kiosk *k;
	int ret;

	k = vfio_alloc_device(kiosk, vdev, &mdev->dev, &kiosk_ops);
	if (IS_ERR(k))
		return PTR_ERR(k);
	ret = vfio_register_emulated_iommu_dev(&k->vdev);
	if (ret)
		goto out_put_vdev;
	dev_set_drvdata(&mdev->dev, k);
	return 0;

out_put_vdev:
	vfio_put_device(&k->vdev);
	return ret;
}

static void kiosk_remove(struct mdev_device *mdev)
{
	struct kiosk *k = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&k->vdev);
	vfio_put_device(&k->vdev);
}
