// SPDX-License-Identifier: GPL-2.0
/*
 * lostpath - no put when the registration fails
 *
 * Seen: the object of a device that could not be registered stays allocated.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct lostpath {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *lostpath_box;
static struct mdev_parent lostpath_parent;

static ssize_t lostpath_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct lostpath *lp = container_of(vdev, struct lostpath, vdev);

	return simple_read_from_buffer(buf, count, ppos, lp->data,
				       sizeof(lp->data));
}

static ssize_t lostpath_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct lostpath *lp = container_of(vdev, struct lostpath, vdev);

	return simple_write_to_buffer(lp->data, sizeof(lp->data), ppos, buf,
				      count);
}

static long lostpath_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct lostpath, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops lostpath_ops = {
	.name = "lostpath",
	.read = lostpath_read,
	.write = lostpath_write,
	.ioctl = lostpath_ioctl,
};

static int lostpath_probe(struct mdev_device *mdev)
{
	struct lostpath *lp;
	int ret;

	lp = vfio_alloc_device(lostpath, vdev, &mdev->dev, &lostpath_ops);
	if (IS_ERR(lp))
		return PTR_ERR(lp);

	ret = vfio_register_emulated_iommu_dev(&lp->vdev);
	if (ret)
		return ret; /* BUG: vfio-lifecycle */
	dev_set_drvdata(&mdev->dev, lp);
	return 0;
}

static void lostpath_remove(struct mdev_device *mdev)
{
	struct lostpath *lp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&lp->vdev);
	vfio_put_device(&lp->vdev);
}

static struct mdev_driver lostpath_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = lostpath_probe,
	.remove = lostpath_remove,
	.driver = {
		.name = "lostpath",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type lostpath_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *lostpath_types[] = { &lostpath_type };

static int __init lostpath_init(void)
{
	int ret;

	ret = mdev_register_driver(&lostpath_driver);
	if (ret)
		return ret;

	lostpath_box = platform_device_register_simple("lostpath", -1, NULL, 0);
	if (IS_ERR(lostpath_box)) {
		ret = PTR_ERR(lostpath_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&lostpath_parent, &lostpath_box->dev,
				   &lostpath_driver, lostpath_types,
				   ARRAY_SIZE(lostpath_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(lostpath_box);
err_driver:
	mdev_unregister_driver(&lostpath_driver);
	return ret;
}

static void __exit lostpath_exit(void)
{
	mdev_unregister_parent(&lostpath_parent);
	platform_device_unregister(lostpath_box);
	mdev_unregister_driver(&lostpath_driver);
}

module_init(lostpath_init);
module_exit(lostpath_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
