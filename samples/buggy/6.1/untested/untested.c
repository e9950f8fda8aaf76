// SPDX-License-Identifier: GPL-2.0
/*
 * untested - the result is not tested at all
 *
 * Seen: with broken=1, when @init fails, the registration is given an error
 * pointer and the kernel stops there.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct untested {
	struct vfio_device vdev;
	u8 data[64];
};

static bool untested_broken;
module_param_named(broken, untested_broken, bool, 0644);
MODULE_PARM_DESC(broken, "let the set-up of the next device fail");

static struct platform_device *untested_box;
static struct mdev_parent untested_parent;

static ssize_t untested_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct untested *ut = container_of(vdev, struct untested, vdev);

	return simple_read_from_buffer(buf, count, ppos, ut->data,
				       sizeof(ut->data));
}

static ssize_t untested_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct untested *ut = container_of(vdev, struct untested, vdev);

	return simple_write_to_buffer(ut->data, sizeof(ut->data), ppos, buf,
				      count);
}

static long untested_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct untested, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int untested_init_dev(struct vfio_device *vdev)
{
	return untested_broken ? -EIO : 0;
}

static const struct vfio_device_ops untested_ops = {
	.name = "untested",
	.init = untested_init_dev,
	.release = vfio_free_device,
	.read = untested_read,
	.write = untested_write,
	.ioctl = untested_ioctl,
};

static int untested_probe(struct mdev_device *mdev)
{
	struct untested *ut;
	int ret;

	ut = vfio_alloc_device(untested, vdev, &mdev->dev, &untested_ops);
	ret = vfio_register_emulated_iommu_dev(&ut->vdev); /* BUG: vfio-alloc-result */
	if (ret) {
		vfio_put_device(&ut->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ut);
	return 0;
}

static void untested_remove(struct mdev_device *mdev)
{
	struct untested *ut = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ut->vdev);
	vfio_put_device(&ut->vdev);
}

static struct mdev_driver untested_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = untested_probe,
	.remove = untested_remove,
	.driver = {
		.name = "untested",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type untested_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *untested_types[] = { &untested_type };

static int __init untested_init(void)
{
	int ret;

	ret = mdev_register_driver(&untested_driver);
	if (ret)
		return ret;

	untested_box = platform_device_register_simple("untested", -1, NULL, 0);
	if (IS_ERR(untested_box)) {
		ret = PTR_ERR(untested_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&untested_parent, &untested_box->dev,
				   &untested_driver, untested_types,
				   ARRAY_SIZE(untested_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(untested_box);
err_driver:
	mdev_unregister_driver(&untested_driver);
	return ret;
}

static void __exit untested_exit(void)
{
	mdev_unregister_parent(&untested_parent);
	platform_device_unregister(untested_box);
	mdev_unregister_driver(&untested_driver);
}

module_init(untested_init);
module_exit(untested_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-alloc-result)");
