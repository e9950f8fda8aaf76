// SPDX-License-Identifier: GPL-2.0
/*
 * halfdone - @release does not give back what @init took
 *
 * Seen: each device that is made and removed leaves a buffer behind.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct halfdone {
	struct vfio_device vdev;
	u8 *data;
};

static struct platform_device *halfdone_box;
static struct mdev_parent halfdone_parent;

static ssize_t halfdone_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct halfdone *hd = container_of(vdev, struct halfdone, vdev);

	return simple_read_from_buffer(buf, count, ppos, hd->data, PAGE_SIZE);
}

static ssize_t halfdone_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct halfdone *hd = container_of(vdev, struct halfdone, vdev);

	return simple_write_to_buffer(hd->data, PAGE_SIZE, ppos, buf, count);
}

static long halfdone_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = PAGE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int halfdone_init_dev(struct vfio_device *vdev)
{
	struct halfdone *hd = container_of(vdev, struct halfdone, vdev);

	hd->data = kzalloc(PAGE_SIZE, GFP_KERNEL);
	return hd->data ? 0 : -ENOMEM;
}

static void halfdone_release_dev(struct vfio_device *vdev)
{
	vfio_free_device(vdev);
} /* BUG: vfio-release-contract */

static const struct vfio_device_ops halfdone_ops = {
	.name = "halfdone",
	.init = halfdone_init_dev,
	.release = halfdone_release_dev,
	.read = halfdone_read,
	.write = halfdone_write,
	.ioctl = halfdone_ioctl,
};

static int halfdone_probe(struct mdev_device *mdev)
{
	struct halfdone *hd;
	int ret;

	hd = vfio_alloc_device(halfdone, vdev, &mdev->dev, &halfdone_ops);
	if (IS_ERR(hd))
		return PTR_ERR(hd);

	ret = vfio_register_emulated_iommu_dev(&hd->vdev);
	if (ret) {
		vfio_put_device(&hd->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, hd);
	return 0;
}

static void halfdone_remove(struct mdev_device *mdev)
{
	struct halfdone *hd = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&hd->vdev);
	vfio_put_device(&hd->vdev);
}

static struct mdev_driver halfdone_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = halfdone_probe,
	.remove = halfdone_remove,
	.driver = {
		.name = "halfdone",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type halfdone_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *halfdone_types[] = { &halfdone_type };

static int __init halfdone_init(void)
{
	int ret;

	ret = mdev_register_driver(&halfdone_driver);
	if (ret)
		return ret;

	halfdone_box = platform_device_register_simple("halfdone", -1, NULL, 0);
	if (IS_ERR(halfdone_box)) {
		ret = PTR_ERR(halfdone_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&halfdone_parent, &halfdone_box->dev,
				   &halfdone_driver, halfdone_types,
				   ARRAY_SIZE(halfdone_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(halfdone_box);
err_driver:
	mdev_unregister_driver(&halfdone_driver);
	return ret;
}

static void __exit halfdone_exit(void)
{
	mdev_unregister_parent(&halfdone_parent);
	platform_device_unregister(halfdone_box);
	mdev_unregister_driver(&halfdone_driver);
}

module_init(halfdone_init);
module_exit(halfdone_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
