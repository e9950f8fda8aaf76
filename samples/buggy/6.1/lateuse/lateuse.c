// SPDX-License-Identifier: GPL-2.0
/*
 * lateuse - used after the last put
 *
 * Seen: the label that is printed is poison, and the kernel stops in reading it.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct lateuse {
	struct vfio_device vdev;
	u8 data[64];
	const char *label;
};

static struct platform_device *lateuse_box;
static struct mdev_parent lateuse_parent;

static ssize_t lateuse_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct lateuse *lu = container_of(vdev, struct lateuse, vdev);

	return simple_read_from_buffer(buf, count, ppos, lu->data,
				       sizeof(lu->data));
}

static ssize_t lateuse_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct lateuse *lu = container_of(vdev, struct lateuse, vdev);

	return simple_write_to_buffer(lu->data, sizeof(lu->data), ppos, buf,
				      count);
}

static long lateuse_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct lateuse, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops lateuse_ops = {
	.name = "lateuse",
	.release = vfio_free_device,
	.read = lateuse_read,
	.write = lateuse_write,
	.ioctl = lateuse_ioctl,
};

static int lateuse_probe(struct mdev_device *mdev)
{
	struct lateuse *lu;
	int ret;

	lu = vfio_alloc_device(lateuse, vdev, &mdev->dev, &lateuse_ops);
	if (IS_ERR(lu))
		return PTR_ERR(lu);
	lu->label = "late";

	ret = vfio_register_emulated_iommu_dev(&lu->vdev);
	if (ret) {
		vfio_put_device(&lu->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, lu);
	return 0;
}

static void lateuse_remove(struct mdev_device *mdev)
{
	struct lateuse *lu = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&lu->vdev);
	vfio_put_device(&lu->vdev);
	dev_info(&mdev->dev, "%c is gone\n", *lu->label); /* BUG: vfio-lifecycle */
}

static struct mdev_driver lateuse_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = lateuse_probe,
	.remove = lateuse_remove,
	.driver = {
		.name = "lateuse",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type lateuse_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *lateuse_types[] = { &lateuse_type };

static int __init lateuse_init(void)
{
	int ret;

	ret = mdev_register_driver(&lateuse_driver);
	if (ret)
		return ret;

	lateuse_box = platform_device_register_simple("lateuse", -1, NULL, 0);
	if (IS_ERR(lateuse_box)) {
		ret = PTR_ERR(lateuse_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&lateuse_parent, &lateuse_box->dev,
				   &lateuse_driver, lateuse_types,
				   ARRAY_SIZE(lateuse_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(lateuse_box);
err_driver:
	mdev_unregister_driver(&lateuse_driver);
	return ret;
}

static void __exit lateuse_exit(void)
{
	mdev_unregister_parent(&lateuse_parent);
	platform_device_unregister(lateuse_box);
	mdev_unregister_driver(&lateuse_driver);
}

module_init(lateuse_init);
module_exit(lateuse_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
