// SPDX-License-Identifier: GPL-2.0
/*
 * castaway - a cast stands in for container_of()
 *
 * Not seen: it comes to the same as long as the member is the first.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct castaway {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *castaway_box;
static struct mdev_parent castaway_parent;

static ssize_t castaway_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct castaway *ca = container_of(vdev, struct castaway, vdev);

	return simple_read_from_buffer(buf, count, ppos, ca->data,
				       sizeof(ca->data));
}

static ssize_t castaway_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct castaway *ca = container_of(vdev, struct castaway, vdev);

	return simple_write_to_buffer(ca->data, sizeof(ca->data), ppos, buf,
				      count);
}

static long castaway_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct castaway, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void castaway_release_dev(struct vfio_device *vdev)
{
	struct castaway *ca = (struct castaway *)vdev; /* BUG: vfio-container-of-mismatch */

	memzero_explicit(ca->data, sizeof(ca->data));
	vfio_free_device(vdev);
}

static const struct vfio_device_ops castaway_ops = {
	.name = "castaway",
	.release = castaway_release_dev,
	.read = castaway_read,
	.write = castaway_write,
	.ioctl = castaway_ioctl,
};

static int castaway_probe(struct mdev_device *mdev)
{
	struct castaway *ca;
	int ret;

	ca = vfio_alloc_device(castaway, vdev, &mdev->dev, &castaway_ops);
	if (IS_ERR(ca))
		return PTR_ERR(ca);

	ret = vfio_register_emulated_iommu_dev(&ca->vdev);
	if (ret) {
		vfio_put_device(&ca->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ca);
	return 0;
}

static void castaway_remove(struct mdev_device *mdev)
{
	struct castaway *ca = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ca->vdev);
	vfio_put_device(&ca->vdev);
}

static struct mdev_driver castaway_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = castaway_probe,
	.remove = castaway_remove,
	.driver = {
		.name = "castaway",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type castaway_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *castaway_types[] = { &castaway_type };

static int __init castaway_init(void)
{
	int ret;

	ret = mdev_register_driver(&castaway_driver);
	if (ret)
		return ret;

	castaway_box = platform_device_register_simple("castaway", -1, NULL, 0);
	if (IS_ERR(castaway_box)) {
		ret = PTR_ERR(castaway_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&castaway_parent, &castaway_box->dev,
				   &castaway_driver, castaway_types,
				   ARRAY_SIZE(castaway_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(castaway_box);
err_driver:
	mdev_unregister_driver(&castaway_driver);
	return ret;
}

static void __exit castaway_exit(void)
{
	mdev_unregister_parent(&castaway_parent);
	platform_device_unregister(castaway_box);
	mdev_unregister_driver(&castaway_driver);
}

module_init(castaway_init);
module_exit(castaway_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-container-of-mismatch)");
