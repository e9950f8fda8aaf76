// SPDX-License-Identifier: GPL-2.0
/*
 * noput - removed, but never put
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

struct noput {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *noput_box;
static struct mdev_parent noput_parent;

static ssize_t noput_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct noput *np = container_of(vdev, struct noput, vdev);

	return simple_read_from_buffer(buf, count, ppos, np->data,
				       sizeof(np->data));
}

static ssize_t noput_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct noput *np = container_of(vdev, struct noput, vdev);

	return simple_write_to_buffer(np->data, sizeof(np->data), ppos, buf,
				      count);
}

static long noput_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct noput, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops noput_ops = {
	.name = "noput",
	.release = vfio_free_device,
	.read = noput_read,
	.write = noput_write,
	.ioctl = noput_ioctl,
};

static int noput_probe(struct mdev_device *mdev)
{
	struct noput *np;
	int ret;

	np = vfio_alloc_device(noput, vdev, &mdev->dev, &noput_ops);
	if (IS_ERR(np))
		return PTR_ERR(np);

	ret = vfio_register_emulated_iommu_dev(&np->vdev);
	if (ret) {
		vfio_put_device(&np->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, np);
	return 0;
}

static void noput_remove(struct mdev_device *mdev)
{
	struct noput *np = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&np->vdev); /* BUG: vfio-lifecycle */
}

static struct mdev_driver noput_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = noput_probe,
	.remove = noput_remove,
	.driver = {
		.name = "noput",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type noput_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *noput_types[] = { &noput_type };

static int __init noput_init(void)
{
	int ret;

	ret = mdev_register_driver(&noput_driver);
	if (ret)
		return ret;

	noput_box = platform_device_register_simple("noput", -1, NULL, 0);
	if (IS_ERR(noput_box)) {
		ret = PTR_ERR(noput_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&noput_parent, &noput_box->dev,
				   &noput_driver, noput_types,
				   ARRAY_SIZE(noput_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(noput_box);
err_driver:
	mdev_unregister_driver(&noput_driver);
	return ret;
}

static void __exit noput_exit(void)
{
	mdev_unregister_parent(&noput_parent);
	platform_device_unregister(noput_box);
	mdev_unregister_driver(&noput_driver);
}

module_init(noput_init);
module_exit(noput_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
