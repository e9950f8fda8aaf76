// SPDX-License-Identifier: GPL-2.0
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct bell {
	struct vfio_device vdev;
	u8 *clapper;
	u32 pitch;
};

static const struct vfio_device_ops bell_ops = {
	.name = "bell",
};

static int bell_probe(struct mdev_device *mdev)
{
	struct bell *b;
	int ret;

	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	vfio_init_group_dev(&b->vdev, &mdev->dev, &bell_ops);
	dev_info(&mdev->dev, "a bell\n");

	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, b);
	return 0;

err_free:
	vfio_uninit_group_dev(&b->vdev);
	kfree(b);
	return ret;
}

static void bell_remove(struct mdev_device *mdev)
{
	struct bell *b = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&b->vdev);
	vfio_uninit_group_dev(&b->vdev);
	kfree(b);
}

struct mdev_driver bell_driver = {
	.probe = bell_probe,
	.remove = bell_remove,
};
