// SPDX-License-Identifier: GPL-2.0
/* Two device structures, and a driver for each, in one source. */
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct castor {
	struct vfio_device vdev;
	void *page;
};

struct pollux {
	struct mutex lock;
	struct vfio_device vdev;
};

static const struct vfio_device_ops castor_ops = {
	.name = "castor",
};

static const struct vfio_device_ops pollux_ops = {
	.name = "pollux",
};

static int castor_probe(struct mdev_device *mdev)
{
	struct castor *ca;
	int ret;

	ca = kzalloc(sizeof(*ca), GFP_KERNEL);
	if (!ca)
		return -ENOMEM;

	vfio_init_group_dev(&ca->vdev, &mdev->dev, &castor_ops);
	ca->page = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!ca->page) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = vfio_register_emulated_iommu_dev(&ca->vdev);
	if (ret)
		goto err_free;
	dev_set_drvdata(&mdev->dev, ca);
	return 0;

err_free:
	kfree(ca->page);
err_uninit:
	vfio_uninit_group_dev(&ca->vdev);
	kfree(ca);
	return ret;
}

static void castor_remove(struct mdev_device *mdev)
{
	struct castor *ca = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ca->vdev);
	kfree(ca->page);
	vfio_uninit_group_dev(&ca->vdev);
	kfree(ca);
}

static int pollux_probe(struct mdev_device *mdev)
{
	struct pollux *po;
	int ret;

	po = kzalloc(sizeof(*po), GFP_KERNEL);
	if (!po)
		return -ENOMEM;

	mutex_init(&po->lock);
	vfio_init_group_dev(&po->vdev, &mdev->dev, &pollux_ops);

	ret = vfio_register_emulated_iommu_dev(&po->vdev);
	if (ret)
		goto err_uninit;
	dev_set_drvdata(&mdev->dev, po);
	return 0;

err_uninit:
	vfio_uninit_group_dev(&po->vdev);
	kfree(po);
	return ret;
}

static void pollux_remove(struct mdev_device *mdev)
{
	struct pollux *po = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&po->vdev);
	vfio_uninit_group_dev(&po->vdev);
	kfree(po);
}

struct mdev_driver castor_driver = {
	.probe = castor_probe,
	.remove = castor_remove,
};

struct mdev_driver pollux_driver = {
	.probe = pollux_probe,
	.remove = pollux_remove,
};
