// SPDX-License-Identifier: GPL-2.0
/*
 * earlyput - put while still registered
 *
 * Seen: unregister works on freed memory.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct earlyput {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *earlyput_box;
static struct mdev_parent earlyput_parent;

static ssize_t earlyput_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct earlyput *ep = container_of(vdev, struct earlyput, vdev);

	return simple_read_from_buffer(buf, count, ppos, ep->data,
				       sizeof(ep->data));
}

static ssize_t earlyput_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct earlyput *ep = container_of(vdev, struct earlyput, vdev);

	return simple_write_to_buffer(ep->data, sizeof(ep->data), ppos, buf,
				      count);
}

static long earlyput_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct earlyput, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops earlyput_ops = {
	.name = "earlyput",
	.release = vfio_free_device,
	.read = earlyput_read,
	.write = earlyput_write,
	.ioctl = earlyput_ioctl,
};

static int earlyput_probe(struct mdev_device *mdev)
{
	struct earlyput *ep;
	int ret;

	ep = vfio_alloc_device(earlyput, vdev, &mdev->dev, &earlyput_ops);
	if (IS_ERR(ep))
		return PTR_ERR(ep);

	ret = vfio_register_emulated_iommu_dev(&ep->vdev);
	if (ret) {
		vfio_put_device(&ep->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ep);
	return 0;
}

static void earlyput_remove(struct mdev_device *mdev)
{
	struct earlyput *ep = dev_get_drvdata(&mdev->dev);

	vfio_put_device(&ep->vdev); /* BUG: vfio-lifecycle */
	vfio_unregister_group_dev(&ep->vdev);
}

static struct mdev_driver earlyput_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = earlyput_probe,
	.remove = earlyput_remove,
	.driver = {
		.name = "earlyput",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type earlyput_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *earlyput_types[] = { &earlyput_type };

static int __init earlyput_init(void)
{
	int ret;

	ret = mdev_register_driver(&earlyput_driver);
	if (ret)
		return ret;

	earlyput_box = platform_device_register_simple("earlyput", -1, NULL, 0);
	if (IS_ERR(earlyput_box)) {
		ret = PTR_ERR(earlyput_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&earlyput_parent, &earlyput_box->dev,
				   &earlyput_driver, earlyput_types,
				   ARRAY_SIZE(earlyput_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(earlyput_box);
err_driver:
	mdev_unregister_driver(&earlyput_driver);
	return ret;
}

static void __exit earlyput_exit(void)
{
	mdev_unregister_parent(&earlyput_parent);
	platform_device_unregister(earlyput_box);
	mdev_unregister_driver(&earlyput_driver);
}

module_init(earlyput_init);
module_exit(earlyput_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
