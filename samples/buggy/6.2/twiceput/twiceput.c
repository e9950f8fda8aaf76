// SPDX-License-Identifier: GPL-2.0
/*
 * twiceput - put twice
 *
 * Seen: the second put finds the poison that the free left.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct twiceput {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *twiceput_box;
static struct mdev_parent twiceput_parent;

static ssize_t twiceput_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct twiceput *tp = container_of(vdev, struct twiceput, vdev);

	return simple_read_from_buffer(buf, count, ppos, tp->data,
				       sizeof(tp->data));
}

static ssize_t twiceput_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct twiceput *tp = container_of(vdev, struct twiceput, vdev);

	return simple_write_to_buffer(tp->data, sizeof(tp->data), ppos, buf,
				      count);
}

static long twiceput_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct twiceput, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops twiceput_ops = {
	.name = "twiceput",
	.read = twiceput_read,
	.write = twiceput_write,
	.ioctl = twiceput_ioctl,
};

static int twiceput_probe(struct mdev_device *mdev)
{
	struct twiceput *tp;
	int ret;

	tp = vfio_alloc_device(twiceput, vdev, &mdev->dev, &twiceput_ops);
	if (IS_ERR(tp))
		return PTR_ERR(tp);

	ret = vfio_register_emulated_iommu_dev(&tp->vdev);
	if (ret) {
		vfio_put_device(&tp->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, tp);
	return 0;
}

static void twiceput_remove(struct mdev_device *mdev)
{
	struct twiceput *tp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&tp->vdev);
	vfio_put_device(&tp->vdev);
	vfio_put_device(&tp->vdev); /* BUG: vfio-lifecycle */
}

static struct mdev_driver twiceput_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = twiceput_probe,
	.remove = twiceput_remove,
	.driver = {
		.name = "twiceput",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type twiceput_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *twiceput_types[] = { &twiceput_type };

static int __init twiceput_init(void)
{
	int ret;

	ret = mdev_register_driver(&twiceput_driver);
	if (ret)
		return ret;

	twiceput_box = platform_device_register_simple("twiceput", -1, NULL, 0);
	if (IS_ERR(twiceput_box)) {
		ret = PTR_ERR(twiceput_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&twiceput_parent, &twiceput_box->dev,
				   &twiceput_driver, twiceput_types,
				   ARRAY_SIZE(twiceput_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(twiceput_box);
err_driver:
	mdev_unregister_driver(&twiceput_driver);
	return ret;
}

static void __exit twiceput_exit(void)
{
	mdev_unregister_parent(&twiceput_parent);
	platform_device_unregister(twiceput_box);
	mdev_unregister_driver(&twiceput_driver);
}

module_init(twiceput_init);
module_exit(twiceput_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
