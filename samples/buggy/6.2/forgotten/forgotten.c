// SPDX-License-Identifier: GPL-2.0
/*
 * forgotten - removed, but never put
 *
 * Seen: the structure is still allocated after the device is gone.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct forgotten {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *forgotten_box;
static struct mdev_parent forgotten_parent;

static ssize_t forgotten_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct forgotten *fo = container_of(vdev, struct forgotten, vdev);

	return simple_read_from_buffer(buf, count, ppos, fo->data,
				       sizeof(fo->data));
}

static ssize_t forgotten_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct forgotten *fo = container_of(vdev, struct forgotten, vdev);

	return simple_write_to_buffer(fo->data, sizeof(fo->data), ppos, buf,
				      count);
}

static long forgotten_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct forgotten, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops forgotten_ops = {
	.name = "forgotten",
	.read = forgotten_read,
	.write = forgotten_write,
	.ioctl = forgotten_ioctl,
};

static int forgotten_probe(struct mdev_device *mdev)
{
	struct forgotten *fo;
	int ret;

	fo = vfio_alloc_device(forgotten, vdev, &mdev->dev, &forgotten_ops);
	if (IS_ERR(fo))
		return PTR_ERR(fo);

	ret = vfio_register_emulated_iommu_dev(&fo->vdev);
	if (ret) {
		vfio_put_device(&fo->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, fo);
	return 0;
}

static void forgotten_remove(struct mdev_device *mdev)
{
	struct forgotten *fo = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&fo->vdev); /* BUG: vfio-lifecycle */
}

static struct mdev_driver forgotten_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = forgotten_probe,
	.remove = forgotten_remove,
	.driver = {
		.name = "forgotten",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type forgotten_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *forgotten_types[] = { &forgotten_type };

static int __init forgotten_init(void)
{
	int ret;

	ret = mdev_register_driver(&forgotten_driver);
	if (ret)
		return ret;

	forgotten_box = platform_device_register_simple("forgotten", -1, NULL,
							0);
	if (IS_ERR(forgotten_box)) {
		ret = PTR_ERR(forgotten_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&forgotten_parent, &forgotten_box->dev,
				   &forgotten_driver, forgotten_types,
				   ARRAY_SIZE(forgotten_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(forgotten_box);
err_driver:
	mdev_unregister_driver(&forgotten_driver);
	return ret;
}

static void __exit forgotten_exit(void)
{
	mdev_unregister_parent(&forgotten_parent);
	platform_device_unregister(forgotten_box);
	mdev_unregister_driver(&forgotten_driver);
}

module_init(forgotten_init);
module_exit(forgotten_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
