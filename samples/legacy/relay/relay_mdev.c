// SPDX-License-Identifier: GPL-2.0
/*
 * relay - passes one message on
 *
 * Idiom: a create() function in another file fills an out-parameter; it is
 * given the ops table as an argument.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#include "relay.h"

static struct platform_device *relay_mast;
static struct mdev_parent relay_parent;

static ssize_t relay_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct relay *rl = container_of(vdev, struct relay, vdev);
	ssize_t ret;

	mutex_lock(&rl->lock);
	ret = simple_read_from_buffer(buf, count, ppos, rl->message,
				      RELAY_SIZE);
	mutex_unlock(&rl->lock);
	return ret;
}

static ssize_t relay_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct relay *rl = container_of(vdev, struct relay, vdev);
	ssize_t ret;

	mutex_lock(&rl->lock);
	ret = simple_write_to_buffer(rl->message, RELAY_SIZE, ppos, buf, count);
	mutex_unlock(&rl->lock);
	return ret;
}

static long relay_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = RELAY_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops relay_ops = {
	.name = "relay",
	.read = relay_read,
	.write = relay_write,
	.ioctl = relay_ioctl,
};

static int relay_probe(struct mdev_device *mdev)
{
	struct relay *rl;
	int ret;

	ret = relay_create(&mdev->dev, &relay_ops, &rl);
	if (ret)
		return ret;

	ret = vfio_register_emulated_iommu_dev(&rl->vdev);
	if (ret)
		goto err_destroy;

	dev_dbg(&mdev->dev, "relay %s\n", rl->route);
	dev_set_drvdata(&mdev->dev, rl);
	return 0;

err_destroy:
	relay_destroy(rl);
	return ret;
}

static void relay_remove(struct mdev_device *mdev)
{
	struct relay *rl = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&rl->vdev);
	relay_destroy(rl);
}

static struct mdev_driver relay_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = relay_probe,
	.remove = relay_remove,
	.driver = {
		.name = "relay",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type relay_type = {
	.sysfs_name = "hop",
	.pretty_name = "One hop",
};

static struct mdev_type *relay_types[] = { &relay_type };

static int __init relay_init(void)
{
	int ret;

	ret = mdev_register_driver(&relay_driver);
	if (ret)
		return ret;

	relay_mast = platform_device_register_simple("relay", -1, NULL, 0);
	if (IS_ERR(relay_mast)) {
		ret = PTR_ERR(relay_mast);
		goto err_driver;
	}

	ret = mdev_register_parent(&relay_parent, &relay_mast->dev,
				   &relay_driver, relay_types,
				   ARRAY_SIZE(relay_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(relay_mast);
err_driver:
	mdev_unregister_driver(&relay_driver);
	return ret;
}

static void __exit relay_exit(void)
{
	mdev_unregister_parent(&relay_parent);
	platform_device_unregister(relay_mast);
	mdev_unregister_driver(&relay_driver);
}

module_init(relay_init);
module_exit(relay_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: create() with an out-parameter");
