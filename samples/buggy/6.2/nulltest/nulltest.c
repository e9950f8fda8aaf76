// SPDX-License-Identifier: GPL-2.0
/*
 * nulltest - the result is tested against NULL
 *
 * Seen: with broken=1, when @init fails, probe goes on with an error pointer and
 * the kernel stops in the registration.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct nulltest {
	struct vfio_device vdev;
	u8 data[64];
};

static bool nulltest_broken;
module_param_named(broken, nulltest_broken, bool, 0644);
MODULE_PARM_DESC(broken, "let the set-up of the next device fail");

static struct platform_device *nulltest_box;
static struct mdev_parent nulltest_parent;

static ssize_t nulltest_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct nulltest *nt = container_of(vdev, struct nulltest, vdev);

	return simple_read_from_buffer(buf, count, ppos, nt->data,
				       sizeof(nt->data));
}

static ssize_t nulltest_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct nulltest *nt = container_of(vdev, struct nulltest, vdev);

	return simple_write_to_buffer(nt->data, sizeof(nt->data), ppos, buf,
				      count);
}

static long nulltest_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct nulltest, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int nulltest_init_dev(struct vfio_device *vdev)
{
	return nulltest_broken ? -EIO : 0;
}

static const struct vfio_device_ops nulltest_ops = {
	.name = "nulltest",
	.init = nulltest_init_dev,
	.read = nulltest_read,
	.write = nulltest_write,
	.ioctl = nulltest_ioctl,
};

static int nulltest_probe(struct mdev_device *mdev)
{
	struct nulltest *nt;
	int ret;

	nt = vfio_alloc_device(nulltest, vdev, &mdev->dev, &nulltest_ops);
	if (!nt) /* BUG: vfio-alloc-result */
		return -ENOMEM;

	ret = vfio_register_emulated_iommu_dev(&nt->vdev);
	if (ret) {
		vfio_put_device(&nt->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, nt);
	return 0;
}

static void nulltest_remove(struct mdev_device *mdev)
{
	struct nulltest *nt = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&nt->vdev);
	vfio_put_device(&nt->vdev);
}

static struct mdev_driver nulltest_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = nulltest_probe,
	.remove = nulltest_remove,
	.driver = {
		.name = "nulltest",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type nulltest_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *nulltest_types[] = { &nulltest_type };

static int __init nulltest_init(void)
{
	int ret;

	ret = mdev_register_driver(&nulltest_driver);
	if (ret)
		return ret;

	nulltest_box = platform_device_register_simple("nulltest", -1, NULL, 0);
	if (IS_ERR(nulltest_box)) {
		ret = PTR_ERR(nulltest_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&nulltest_parent, &nulltest_box->dev,
				   &nulltest_driver, nulltest_types,
				   ARRAY_SIZE(nulltest_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(nulltest_box);
err_driver:
	mdev_unregister_driver(&nulltest_driver);
	return ret;
}

static void __exit nulltest_exit(void)
{
	mdev_unregister_parent(&nulltest_parent);
	platform_device_unregister(nulltest_box);
	mdev_unregister_driver(&nulltest_driver);
}

module_init(nulltest_init);
module_exit(nulltest_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-alloc-result)");
