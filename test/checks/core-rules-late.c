// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2

#include <linux/iommu.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>
#include "Inputs/iommufd.h"

struct lamp {
	struct vfio_device vdev;
	struct mdev_device *mdev;
	struct device *parent;
	char *name;
	int watts;
	int volts;
};

static struct lamp *lamp_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct lamp, vdev);
}

static int lamp_init(struct vfio_device *vdev)
{
	struct lamp *l = lamp_of(vdev);

	l->name = kstrdup(dev_name(mdev_dev(l->mdev)), GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:41: warning: '.init' uses 'mdev', which probe sets only after 'vfio_alloc_device', and so after '.init' [vfio-core-rules]
	l->parent = vdev->dev->parent;
	return l->name && l->parent ? 0 : -ENOMEM;
}

static void lamp_release(struct vfio_device *vdev)
{
	kfree(lamp_of(vdev)->name);
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}

static long lamp_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct lamp *l = lamp_of(vdev);

	return l->watts * l->volts;
}

static const struct vfio_device_ops lamp_ops = {
	IOMMUFD(physical),
	.init = lamp_init,
	.release = lamp_release,
	.ioctl = lamp_ioctl,
};

static void lamp_set(struct lamp *l, int watts)
{
	l->watts = watts;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'watts' is set after the device was registered, but 'lamp_ioctl', which user space can call by then, uses it [vfio-core-rules]
}

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	l->mdev = mdev;
	l->volts = 12;
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: a mediated device has no IOMMU group, so 'vfio_register_group_dev' fails: call 'vfio_register_emulated_iommu_dev' [vfio-core-rules]
	if (ret) {
		l->volts = 0;
		vfio_put_device(&l->vdev);
		return ret;
	}
	lamp_set(l, 60);
	return 0;
}

static struct mdev_driver lamp_driver = { .probe = lamp_probe };

/* A group of its own, and all members in time. */
struct lantern {
	struct vfio_device vdev;
	int watts;
};

static long lantern_ioctl(struct vfio_device *vdev, unsigned int cmd,
			  unsigned long arg)
{
	return container_of(vdev, struct lantern, vdev)->watts;
}

static const struct vfio_device_ops lantern_ops = {
	IOMMUFD(physical),
	.release = lamp_release,
	.ioctl = lantern_ioctl,
};

static int lantern_join(struct device *dev)
{
	struct iommu_group *group = iommu_group_alloc();
	int ret;

	if (IS_ERR(group))
		return PTR_ERR(group);
	ret = iommu_group_add_device(group, dev);
	iommu_group_put(group);
	return ret;
}

static int lantern_probe(struct mdev_device *mdev)
{
	struct lantern *l;
	int ret = lantern_join(&mdev->dev);

	if (ret)
		return ret;
	l = vfio_alloc_device(lantern, vdev, &mdev->dev, &lantern_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	l->watts = 60;
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

static struct mdev_driver lantern_driver = { .probe = lantern_probe };

/* It asks which of the two it is. */
static int lantern_move(struct mdev_device *mdev)
{
	struct lantern *l;
	int ret;

	l = vfio_alloc_device(lantern, vdev, &mdev->dev, &lantern_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	l->watts = 60;
	dev_set_drvdata(&mdev->dev, l);
	if (!device_iommu_mapped(&mdev->dev)) {
		vfio_put_device(&l->vdev);
		return -ENODEV;
	}
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
	return ret;
}

static struct mdev_driver moved_driver = { .probe = lantern_move };

/* Until the last of them is set, nothing but open runs, and that fails. */
struct beacon {
	struct vfio_device vdev;
	int *table, tables[4];
	bool ready;
};

static int beacon_open(struct vfio_device *vdev)
{
	return container_of(vdev, struct beacon, vdev)->ready ? 0 : -EAGAIN;
}

static long beacon_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	return container_of(vdev, struct beacon, vdev)->table[0];
}

static const struct vfio_device_ops beacon_ops = {
	IOMMUFD(emulated),
	.release = lamp_release,
	.open_device = beacon_open,
	.ioctl = beacon_ioctl,
};

static int beacon_probe(struct mdev_device *mdev)
{
	struct beacon *l;
	int ret;

	l = vfio_alloc_device(beacon, vdev, &mdev->dev, &beacon_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	dev_set_drvdata(&mdev->dev, l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	l->table = l->tables;
	l->ready = true;
	return 0;
}

static struct mdev_driver beacon_driver = { .probe = beacon_probe };
