// SPDX-License-Identifier: GPL-2.0
/*
 * relunreg - @release unregisters, which is for remove to do
 *
 * Seen: the second unregister waits for ever.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct relunreg {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *relunreg_box;
static struct mdev_parent relunreg_parent;

static ssize_t relunreg_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct relunreg *ru = container_of(vdev, struct relunreg, vdev);

	return simple_read_from_buffer(buf, count, ppos, ru->data,
				       sizeof(ru->data));
}

static ssize_t relunreg_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct relunreg *ru = container_of(vdev, struct relunreg, vdev);

	return simple_write_to_buffer(ru->data, sizeof(ru->data), ppos, buf,
				      count);
}

static long relunreg_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct relunreg, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void relunreg_release_dev(struct vfio_device *vdev)
{
	vfio_unregister_group_dev(vdev); /* BUG: vfio-release-contract */
	vfio_free_device(vdev);
}

static const struct vfio_device_ops relunreg_ops = {
	.name = "relunreg",
	.release = relunreg_release_dev,
	.read = relunreg_read,
	.write = relunreg_write,
	.ioctl = relunreg_ioctl,
};

static int relunreg_probe(struct mdev_device *mdev)
{
	struct relunreg *ru;
	int ret;

	ru = vfio_alloc_device(relunreg, vdev, &mdev->dev, &relunreg_ops);
	if (IS_ERR(ru))
		return PTR_ERR(ru);

	ret = vfio_register_emulated_iommu_dev(&ru->vdev);
	if (ret) {
		vfio_put_device(&ru->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ru);
	return 0;
}

static void relunreg_remove(struct mdev_device *mdev)
{
	struct relunreg *ru = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ru->vdev);
	vfio_put_device(&ru->vdev);
}

static struct mdev_driver relunreg_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = relunreg_probe,
	.remove = relunreg_remove,
	.driver = {
		.name = "relunreg",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type relunreg_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *relunreg_types[] = { &relunreg_type };

static int __init relunreg_init(void)
{
	int ret;

	ret = mdev_register_driver(&relunreg_driver);
	if (ret)
		return ret;

	relunreg_box = platform_device_register_simple("relunreg", -1, NULL, 0);
	if (IS_ERR(relunreg_box)) {
		ret = PTR_ERR(relunreg_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&relunreg_parent, &relunreg_box->dev,
				   &relunreg_driver, relunreg_types,
				   ARRAY_SIZE(relunreg_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(relunreg_box);
err_driver:
	mdev_unregister_driver(&relunreg_driver);
	return ret;
}

static void __exit relunreg_exit(void)
{
	mdev_unregister_parent(&relunreg_parent);
	platform_device_unregister(relunreg_box);
	mdev_unregister_driver(&relunreg_driver);
}

module_init(relunreg_init);
module_exit(relunreg_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
