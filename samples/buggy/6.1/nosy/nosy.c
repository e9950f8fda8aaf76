// SPDX-License-Identifier: GPL-2.0
/*
 * nosy - looks at the core's own members
 *
 * Not seen: the member exists in this kernel, and its value is right most of the
 * time.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct nosy {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *nosy_box;
static struct mdev_parent nosy_parent;

static ssize_t nosy_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct nosy *no = container_of(vdev, struct nosy, vdev);

	return simple_read_from_buffer(buf, count, ppos, no->data,
				       sizeof(no->data));
}

static ssize_t nosy_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct nosy *no = container_of(vdev, struct nosy, vdev);

	return simple_write_to_buffer(no->data, sizeof(no->data), ppos, buf,
				      count);
}

static long nosy_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct nosy, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops nosy_ops = {
	.name = "nosy",
	.release = vfio_free_device,
	.read = nosy_read,
	.write = nosy_write,
	.ioctl = nosy_ioctl,
};

static ssize_t busy_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct nosy *no = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", no->vdev.open_count); /* BUG: vfio-private-member */
}
static DEVICE_ATTR_RO(busy);

static struct attribute *nosy_attrs[] = {
	&dev_attr_busy.attr,
	NULL
};
ATTRIBUTE_GROUPS(nosy);

static int nosy_probe(struct mdev_device *mdev)
{
	struct nosy *no;
	int ret;

	no = vfio_alloc_device(nosy, vdev, &mdev->dev, &nosy_ops);
	if (IS_ERR(no))
		return PTR_ERR(no);

	dev_set_drvdata(&mdev->dev, no);
	ret = vfio_register_emulated_iommu_dev(&no->vdev);
	if (ret) {
		vfio_put_device(&no->vdev);
		return ret;
	}
	return 0;
}

static void nosy_remove(struct mdev_device *mdev)
{
	struct nosy *no = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&no->vdev);
	vfio_put_device(&no->vdev);
}

static struct mdev_driver nosy_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = nosy_probe,
	.remove = nosy_remove,
	.driver = {
		.name = "nosy",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = nosy_groups,
	},
};

static struct mdev_type nosy_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *nosy_types[] = { &nosy_type };

static int __init nosy_init(void)
{
	int ret;

	ret = mdev_register_driver(&nosy_driver);
	if (ret)
		return ret;

	nosy_box = platform_device_register_simple("nosy", -1, NULL, 0);
	if (IS_ERR(nosy_box)) {
		ret = PTR_ERR(nosy_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&nosy_parent, &nosy_box->dev, &nosy_driver,
				   nosy_types, ARRAY_SIZE(nosy_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(nosy_box);
err_driver:
	mdev_unregister_driver(&nosy_driver);
	return ret;
}

static void __exit nosy_exit(void)
{
	mdev_unregister_parent(&nosy_parent);
	platform_device_unregister(nosy_box);
	mdev_unregister_driver(&nosy_driver);
}

module_init(nosy_init);
module_exit(nosy_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-private-member)");
