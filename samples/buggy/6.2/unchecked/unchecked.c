// SPDX-License-Identifier: GPL-2.0
/*
 * unchecked - the registration is not checked
 *
 * Seen: when the registration fails, remove unregisters what was never registered
 * and the kernel stops there.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct unchecked {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *unchecked_box;
static struct mdev_parent unchecked_parent;

static ssize_t unchecked_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct unchecked *uc = container_of(vdev, struct unchecked, vdev);

	return simple_read_from_buffer(buf, count, ppos, uc->data,
				       sizeof(uc->data));
}

static ssize_t unchecked_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct unchecked *uc = container_of(vdev, struct unchecked, vdev);

	return simple_write_to_buffer(uc->data, sizeof(uc->data), ppos, buf,
				      count);
}

static long unchecked_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct unchecked, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops unchecked_ops = {
	.name = "unchecked",
	.read = unchecked_read,
	.write = unchecked_write,
	.ioctl = unchecked_ioctl,
};

static int unchecked_probe(struct mdev_device *mdev)
{
	struct unchecked *uc;

	uc = vfio_alloc_device(unchecked, vdev, &mdev->dev, &unchecked_ops);
	if (IS_ERR(uc))
		return PTR_ERR(uc);

	vfio_register_emulated_iommu_dev(&uc->vdev); /* BUG: vfio-lifecycle */
	dev_set_drvdata(&mdev->dev, uc);
	return 0;
}

static void unchecked_remove(struct mdev_device *mdev)
{
	struct unchecked *uc = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&uc->vdev);
	vfio_put_device(&uc->vdev);
}

static struct mdev_driver unchecked_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = unchecked_probe,
	.remove = unchecked_remove,
	.driver = {
		.name = "unchecked",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type unchecked_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *unchecked_types[] = { &unchecked_type };

static int __init unchecked_init(void)
{
	int ret;

	ret = mdev_register_driver(&unchecked_driver);
	if (ret)
		return ret;

	unchecked_box = platform_device_register_simple("unchecked", -1, NULL,
							0);
	if (IS_ERR(unchecked_box)) {
		ret = PTR_ERR(unchecked_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&unchecked_parent, &unchecked_box->dev,
				   &unchecked_driver, unchecked_types,
				   ARRAY_SIZE(unchecked_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(unchecked_box);
err_driver:
	mdev_unregister_driver(&unchecked_driver);
	return ret;
}

static void __exit unchecked_exit(void)
{
	mdev_unregister_parent(&unchecked_parent);
	platform_device_unregister(unchecked_box);
	mdev_unregister_driver(&unchecked_driver);
}

module_init(unchecked_init);
module_exit(unchecked_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
