// SPDX-License-Identifier: GPL-2.0
/*
 * mosaic - pictures in a gallery
 *
 * Several files: the structure is made and freed by helpers, and a list that is
 * no part of it is kept by probe and remove.
 */
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#include "mosaic.h"

static DEFINE_MUTEX(mosaic_list_lock);	/* mosaic_list and mosaic_count */
static LIST_HEAD(mosaic_list);
static unsigned int mosaic_count;
module_param_named(count, mosaic_count, uint, 0444);
MODULE_PARM_DESC(count, "number of mosaics on show");

static struct platform_device *mosaic_wall;
static struct mdev_parent mosaic_parent;

static u8 *mosaic_at(struct mosaic *mo, loff_t pos, size_t *count)
{
	size_t in_tile = pos & (PAGE_SIZE - 1);

	if (pos < 0 || pos >= MOSAIC_SIZE)
		return NULL;
	*count = min_t(size_t, *count, PAGE_SIZE - in_tile);
	return mo->tile[pos / PAGE_SIZE] + in_tile;
}

static ssize_t mosaic_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct mosaic *mo = container_of(vdev, struct mosaic, vdev);
	u8 *from = mosaic_at(mo, *ppos, &count);
	unsigned long left;

	if (!from)
		return 0;

	mutex_lock(&mo->lock);
	left = copy_to_user(buf, from, count);
	mutex_unlock(&mo->lock);
	if (left)
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t mosaic_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct mosaic *mo = container_of(vdev, struct mosaic, vdev);
	u8 *to = mosaic_at(mo, *ppos, &count);
	unsigned long left;

	if (!to)
		return -ENOSPC;

	mutex_lock(&mo->lock);
	left = copy_from_user(to, buf, count);
	mutex_unlock(&mo->lock);
	if (left)
		return -EFAULT;
	*ppos += count;
	return count;
}

static long mosaic_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region;
	size_t minsz = offsetofend(struct vfio_region_info, offset);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		info.num_regions = 1;
		minsz = offsetofend(struct vfio_device_info, num_irqs);
		return copy_to_user((void __user *)arg, &info, minsz) ?
			-EFAULT : 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		if (copy_from_user(&region, (void __user *)arg, minsz))
			return -EFAULT;
		if (region.argsz < minsz || region.index)
			return -EINVAL;
		region.flags = VFIO_REGION_INFO_FLAG_READ |
			       VFIO_REGION_INFO_FLAG_WRITE;
		region.offset = 0;
		region.size = MOSAIC_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops mosaic_ops = {
	.name = "mosaic",
	.init = mosaic_init_dev,
	.release = mosaic_release_dev,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = mosaic_read,
	.write = mosaic_write,
	.ioctl = mosaic_ioctl,
};

static void mosaic_hang(struct mosaic *mo)
{
	mutex_lock(&mosaic_list_lock);
	list_add_tail(&mo->next, &mosaic_list);
	mosaic_count++;
	mutex_unlock(&mosaic_list_lock);
}

static void mosaic_take_down(struct mosaic *mo)
{
	mutex_lock(&mosaic_list_lock);
	mosaic_count--;
	list_del(&mo->next);
	mutex_unlock(&mosaic_list_lock);
}

static int mosaic_probe(struct mdev_device *mdev)
{
	struct mosaic *mo;
	int ret;

	mo = mosaic_create(&mdev->dev, &mosaic_ops);
	if (IS_ERR(mo))
		return PTR_ERR(mo);

	mosaic_hang(mo);
	ret = vfio_register_emulated_iommu_dev(&mo->vdev);
	if (ret)
		goto err_take_down;

	dev_set_drvdata(&mdev->dev, mo);
	return 0;

err_take_down:
	mosaic_take_down(mo);
	mosaic_free(mo);
	return ret;
}

static void mosaic_remove(struct mdev_device *mdev)
{
	struct mosaic *mo = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&mo->vdev);
	mosaic_take_down(mo);
	mosaic_free(mo);
}

static struct mdev_driver mosaic_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = mosaic_probe,
	.remove = mosaic_remove,
	.driver = {
		.name = "mosaic",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type mosaic_type = {
	.sysfs_name = "picture",
	.pretty_name = "A picture of four tiles",
};

static struct mdev_type *mosaic_types[] = { &mosaic_type };

static int __init mosaic_init(void)
{
	int ret;

	ret = mdev_register_driver(&mosaic_driver);
	if (ret)
		return ret;

	mosaic_wall = platform_device_register_simple("mosaic", -1, NULL, 0);
	if (IS_ERR(mosaic_wall)) {
		ret = PTR_ERR(mosaic_wall);
		goto err_driver;
	}

	ret = mdev_register_parent(&mosaic_parent, &mosaic_wall->dev,
				   &mosaic_driver, mosaic_types,
				   ARRAY_SIZE(mosaic_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(mosaic_wall);
err_driver:
	mdev_unregister_driver(&mosaic_driver);
	return ret;
}

static void __exit mosaic_exit(void)
{
	mdev_unregister_parent(&mosaic_parent);
	platform_device_unregister(mosaic_wall);
	mdev_unregister_driver(&mosaic_driver);
}

module_init(mosaic_init);
module_exit(mosaic_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: several files and helpers");
