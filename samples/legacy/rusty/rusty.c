// SPDX-License-Identifier: GPL-2.0
/*
 * rusty - works, mostly
 *
 * Idiom: bugs that are there already and that a migration must not carry over.
 *   1. when the second buffer cannot be had, probe returns without uninit and
 *      leaks the structure and the first buffer;
 *   2. when the registration fails, the structure is freed without uninit;
 *   3. remove frees a buffer that an open file can still reach.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define RUSTY_SIZE	PAGE_SIZE

struct rusty {
	struct vfio_device vdev;
	struct mutex lock;	/* iron and oxide */
	u8 *iron;
	u8 *oxide;
};

static struct platform_device *rusty_yard;
static struct mdev_parent rusty_parent;

static ssize_t rusty_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct rusty *rs = container_of(vdev, struct rusty, vdev);
	ssize_t ret;

	mutex_lock(&rs->lock);
	ret = simple_read_from_buffer(buf, count, ppos, rs->iron, RUSTY_SIZE);
	mutex_unlock(&rs->lock);
	return ret;
}

static ssize_t rusty_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct rusty *rs = container_of(vdev, struct rusty, vdev);
	ssize_t ret;

	mutex_lock(&rs->lock);
	ret = simple_write_to_buffer(rs->iron, RUSTY_SIZE, ppos, buf, count);
	mutex_unlock(&rs->lock);
	return ret;
}

static long rusty_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = RUSTY_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void rusty_close_device(struct vfio_device *vdev)
{
	struct rusty *rs = container_of(vdev, struct rusty, vdev);

	mutex_lock(&rs->lock);
	rs->oxide[0]++;
	mutex_unlock(&rs->lock);
}

static const struct vfio_device_ops rusty_ops = {
	.name = "rusty",
	.close_device = rusty_close_device,
	.read = rusty_read,
	.write = rusty_write,
	.ioctl = rusty_ioctl,
};

static int rusty_probe(struct mdev_device *mdev)
{
	struct rusty *rs;
	int ret;

	rs = kzalloc(sizeof(*rs), GFP_KERNEL);
	if (!rs)
		return -ENOMEM;

	vfio_init_group_dev(&rs->vdev, &mdev->dev, &rusty_ops);
	mutex_init(&rs->lock);
	rs->iron = kzalloc(RUSTY_SIZE, GFP_KERNEL);
	if (!rs->iron) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	rs->oxide = kzalloc(RUSTY_SIZE, GFP_KERNEL);
	if (!rs->oxide)
		return -ENOMEM;

	ret = vfio_register_emulated_iommu_dev(&rs->vdev);
	if (ret)
		goto err_free;

	dev_set_drvdata(&mdev->dev, rs);
	return 0;

err_uninit:
	vfio_uninit_group_dev(&rs->vdev);
err_free:
	kfree(rs->oxide);
	kfree(rs->iron);
	kfree(rs);
	return ret;
}

static void rusty_remove(struct mdev_device *mdev)
{
	struct rusty *rs = dev_get_drvdata(&mdev->dev);

	kfree(rs->oxide);
	vfio_unregister_group_dev(&rs->vdev);
	kfree(rs->iron);
	vfio_uninit_group_dev(&rs->vdev);
	kfree(rs);
}

static struct mdev_driver rusty_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = rusty_probe,
	.remove = rusty_remove,
	.driver = {
		.name = "rusty",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type rusty_type = {
	.sysfs_name = "scrap",
	.pretty_name = "A piece of scrap",
};

static struct mdev_type *rusty_types[] = { &rusty_type };

static int __init rusty_init(void)
{
	int ret;

	ret = mdev_register_driver(&rusty_driver);
	if (ret)
		return ret;

	rusty_yard = platform_device_register_simple("rusty", -1, NULL, 0);
	if (IS_ERR(rusty_yard)) {
		ret = PTR_ERR(rusty_yard);
		goto err_driver;
	}

	ret = mdev_register_parent(&rusty_parent, &rusty_yard->dev,
				   &rusty_driver, rusty_types,
				   ARRAY_SIZE(rusty_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(rusty_yard);
err_driver:
	mdev_unregister_driver(&rusty_driver);
	return ret;
}

static void __exit rusty_exit(void)
{
	mdev_unregister_parent(&rusty_parent);
	platform_device_unregister(rusty_yard);
	mdev_unregister_driver(&rusty_driver);
}

module_init(rusty_init);
module_exit(rusty_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a driver that had bugs before the migration");
