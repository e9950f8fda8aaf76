// SPDX-License-Identifier: GPL-2.0
/*
 * scoped - the structure is freed at the end of a scope
 *
 * Seen: when the registration fails, __free() frees what the core has to free: the
 * number that the core gave the device is lost.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct scoped {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *scoped_box;
static struct mdev_parent scoped_parent;

static ssize_t scoped_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct scoped *sc = container_of(vdev, struct scoped, vdev);

	return simple_read_from_buffer(buf, count, ppos, sc->data,
				       sizeof(sc->data));
}

static ssize_t scoped_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct scoped *sc = container_of(vdev, struct scoped, vdev);

	return simple_write_to_buffer(sc->data, sizeof(sc->data), ppos, buf,
				      count);
}

static long scoped_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct scoped, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops scoped_ops = {
	.name = "scoped",
	.read = scoped_read,
	.write = scoped_write,
	.ioctl = scoped_ioctl,
};

static int scoped_probe(struct mdev_device *mdev)
{
	struct scoped *dev;
	int ret;

	dev = vfio_alloc_device(scoped, vdev, &mdev->dev, &scoped_ops);
	if (IS_ERR(dev))
		return PTR_ERR(dev);

	struct scoped *sc __free(kfree) = dev; /* BUG: vfio-mismatched-free */

	ret = vfio_register_emulated_iommu_dev(&sc->vdev);
	if (ret)
		return ret;

	dev_set_drvdata(&mdev->dev, no_free_ptr(sc));
	return 0;
}

static void scoped_remove(struct mdev_device *mdev)
{
	struct scoped *sc = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sc->vdev);
	vfio_put_device(&sc->vdev);
}

static struct mdev_driver scoped_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = scoped_probe,
	.remove = scoped_remove,
	.driver = {
		.name = "scoped",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type scoped_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *scoped_types[] = { &scoped_type };

static int __init scoped_init(void)
{
	int ret;

	ret = mdev_register_driver(&scoped_driver);
	if (ret)
		return ret;

	scoped_box = platform_device_register_simple("scoped", -1, NULL, 0);
	if (IS_ERR(scoped_box)) {
		ret = PTR_ERR(scoped_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&scoped_parent, &scoped_box->dev,
				   &scoped_driver, scoped_types,
				   ARRAY_SIZE(scoped_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(scoped_box);
err_driver:
	mdev_unregister_driver(&scoped_driver);
	return ret;
}

static void __exit scoped_exit(void)
{
	mdev_unregister_parent(&scoped_parent);
	platform_device_unregister(scoped_box);
	mdev_unregister_driver(&scoped_driver);
}

module_init(scoped_init);
module_exit(scoped_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
