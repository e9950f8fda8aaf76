// SPDX-License-Identifier: GPL-2.0
/*
 * norelease - an ops table without .release
 *
 * Seen: a NULL pointer is called when the device is removed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct norelease {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *norelease_box;
static struct mdev_parent norelease_parent;

static ssize_t norelease_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct norelease *no = container_of(vdev, struct norelease, vdev);

	return simple_read_from_buffer(buf, count, ppos, no->data,
				       sizeof(no->data));
}

static ssize_t norelease_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct norelease *no = container_of(vdev, struct norelease, vdev);

	return simple_write_to_buffer(no->data, sizeof(no->data), ppos, buf,
				      count);
}

static long norelease_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct norelease, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops norelease_ops = { /* BUG: vfio-missing-release */
	.name = "norelease",
	.read = norelease_read,
	.write = norelease_write,
	.ioctl = norelease_ioctl,
};

static int norelease_probe(struct mdev_device *mdev)
{
	struct norelease *no;
	int ret;

	no = vfio_alloc_device(norelease, vdev, &mdev->dev, &norelease_ops);
	if (IS_ERR(no))
		return PTR_ERR(no);

	ret = vfio_register_emulated_iommu_dev(&no->vdev);
	if (ret) {
		vfio_put_device(&no->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, no);
	return 0;
}

static void norelease_remove(struct mdev_device *mdev)
{
	struct norelease *no = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&no->vdev);
	vfio_put_device(&no->vdev);
}

static struct mdev_driver norelease_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = norelease_probe,
	.remove = norelease_remove,
	.driver = {
		.name = "norelease",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type norelease_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *norelease_types[] = { &norelease_type };

static int __init norelease_init(void)
{
	int ret;

	ret = mdev_register_driver(&norelease_driver);
	if (ret)
		return ret;

	norelease_box = platform_device_register_simple("norelease", -1, NULL,
							0);
	if (IS_ERR(norelease_box)) {
		ret = PTR_ERR(norelease_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&norelease_parent, &norelease_box->dev,
				   &norelease_driver, norelease_types,
				   ARRAY_SIZE(norelease_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(norelease_box);
err_driver:
	mdev_unregister_driver(&norelease_driver);
	return ret;
}

static void __exit norelease_exit(void)
{
	mdev_unregister_parent(&norelease_parent);
	platform_device_unregister(norelease_box);
	mdev_unregister_driver(&norelease_driver);
}

module_init(norelease_init);
module_exit(norelease_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-missing-release)");
