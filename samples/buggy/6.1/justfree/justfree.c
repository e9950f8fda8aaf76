// SPDX-License-Identifier: GPL-2.0
/*
 * justfree - kfree() in place of the put
 *
 * Nothing is given back but the memory: the number and the name that the core
 * gave the device are lost.
 *
 * Seen: the numbers of /sys/class/vfio-dev grow with each device.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct justfree {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *justfree_box;
static struct mdev_parent justfree_parent;

static ssize_t justfree_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct justfree *fr = container_of(vdev, struct justfree, vdev);

	return simple_read_from_buffer(buf, count, ppos, fr->data,
				       sizeof(fr->data));
}

static ssize_t justfree_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct justfree *fr = container_of(vdev, struct justfree, vdev);

	return simple_write_to_buffer(fr->data, sizeof(fr->data), ppos, buf,
				      count);
}

static long justfree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct justfree, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops justfree_ops = {
	.name = "justfree",
	.release = vfio_free_device,
	.read = justfree_read,
	.write = justfree_write,
	.ioctl = justfree_ioctl,
};

static int justfree_probe(struct mdev_device *mdev)
{
	struct justfree *fr;
	int ret;

	fr = vfio_alloc_device(justfree, vdev, &mdev->dev, &justfree_ops);
	if (IS_ERR(fr))
		return PTR_ERR(fr);

	ret = vfio_register_emulated_iommu_dev(&fr->vdev);
	if (ret) {
		vfio_put_device(&fr->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, fr);
	return 0;
}

static void justfree_remove(struct mdev_device *mdev)
{
	struct justfree *fr = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&fr->vdev);
	kfree(fr); /* BUG: vfio-mismatched-free */
}

static struct mdev_driver justfree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = justfree_probe,
	.remove = justfree_remove,
	.driver = {
		.name = "justfree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type justfree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *justfree_types[] = { &justfree_type };

static int __init justfree_init(void)
{
	int ret;

	ret = mdev_register_driver(&justfree_driver);
	if (ret)
		return ret;

	justfree_box = platform_device_register_simple("justfree", -1, NULL, 0);
	if (IS_ERR(justfree_box)) {
		ret = PTR_ERR(justfree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&justfree_parent, &justfree_box->dev,
				   &justfree_driver, justfree_types,
				   ARRAY_SIZE(justfree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(justfree_box);
err_driver:
	mdev_unregister_driver(&justfree_driver);
	return ret;
}

static void __exit justfree_exit(void)
{
	mdev_unregister_parent(&justfree_parent);
	platform_device_unregister(justfree_box);
	mdev_unregister_driver(&justfree_driver);
}

module_init(justfree_init);
module_exit(justfree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
