// SPDX-License-Identifier: GPL-2.0
/*
 * errfrees - kfree() in place of the put when the registration fails
 *
 * Seen: the number that the core gave to the device is lost, or the core's list
 * of devices has freed memory in it.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct errfrees {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *errfrees_box;
static struct mdev_parent errfrees_parent;

static ssize_t errfrees_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct errfrees *ef = container_of(vdev, struct errfrees, vdev);

	return simple_read_from_buffer(buf, count, ppos, ef->data,
				       sizeof(ef->data));
}

static ssize_t errfrees_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct errfrees *ef = container_of(vdev, struct errfrees, vdev);

	return simple_write_to_buffer(ef->data, sizeof(ef->data), ppos, buf,
				      count);
}

static long errfrees_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct errfrees, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops errfrees_ops = {
	.name = "errfrees",
	.release = vfio_free_device,
	.read = errfrees_read,
	.write = errfrees_write,
	.ioctl = errfrees_ioctl,
};

static int errfrees_probe(struct mdev_device *mdev)
{
	struct errfrees *ef;
	int ret;

	ef = vfio_alloc_device(errfrees, vdev, &mdev->dev, &errfrees_ops);
	if (IS_ERR(ef))
		return PTR_ERR(ef);

	ret = vfio_register_emulated_iommu_dev(&ef->vdev);
	if (ret) {
		kfree(ef); /* BUG: vfio-mismatched-free */
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ef);
	return 0;
}

static void errfrees_remove(struct mdev_device *mdev)
{
	struct errfrees *ef = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ef->vdev);
	vfio_put_device(&ef->vdev);
}

static struct mdev_driver errfrees_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = errfrees_probe,
	.remove = errfrees_remove,
	.driver = {
		.name = "errfrees",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type errfrees_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *errfrees_types[] = { &errfrees_type };

static int __init errfrees_init(void)
{
	int ret;

	ret = mdev_register_driver(&errfrees_driver);
	if (ret)
		return ret;

	errfrees_box = platform_device_register_simple("errfrees", -1, NULL, 0);
	if (IS_ERR(errfrees_box)) {
		ret = PTR_ERR(errfrees_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&errfrees_parent, &errfrees_box->dev,
				   &errfrees_driver, errfrees_types,
				   ARRAY_SIZE(errfrees_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(errfrees_box);
err_driver:
	mdev_unregister_driver(&errfrees_driver);
	return ret;
}

static void __exit errfrees_exit(void)
{
	mdev_unregister_parent(&errfrees_parent);
	platform_device_unregister(errfrees_box);
	mdev_unregister_driver(&errfrees_driver);
}

module_init(errfrees_init);
module_exit(errfrees_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
