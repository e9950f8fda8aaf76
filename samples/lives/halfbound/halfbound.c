// SPDX-License-Identifier: GPL-2.0
/*
 * halfbound - an ops table without one of the iommufd operations
 *
 * Seen: core warns, and refuses the device.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct halfbound {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *halfbound_box;
static struct mdev_parent halfbound_parent;

static ssize_t halfbound_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct halfbound *hb = container_of(vdev, struct halfbound, vdev);

	return simple_read_from_buffer(buf, count, ppos, hb->data,
				       sizeof(hb->data));
}

static ssize_t halfbound_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct halfbound *hb = container_of(vdev, struct halfbound, vdev);

	return simple_write_to_buffer(hb->data, sizeof(hb->data), ppos, buf,
				      count);
}

static long halfbound_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct halfbound, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops halfbound_ops = { /* BUG: vfio-core-rules */
	.name = "halfbound",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.read = halfbound_read,
	.write = halfbound_write,
	.ioctl = halfbound_ioctl,
};

static int halfbound_probe(struct mdev_device *mdev)
{
	struct halfbound *hb;
	int ret;

	hb = vfio_alloc_device(halfbound, vdev, &mdev->dev, &halfbound_ops);
	if (IS_ERR(hb))
		return PTR_ERR(hb);

	ret = vfio_register_emulated_iommu_dev(&hb->vdev);
	if (ret) {
		vfio_put_device(&hb->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, hb);
	return 0;
}

static void halfbound_remove(struct mdev_device *mdev)
{
	struct halfbound *hb = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&hb->vdev);
	vfio_put_device(&hb->vdev);
}

static struct mdev_driver halfbound_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = halfbound_probe,
	.remove = halfbound_remove,
	.driver = {
		.name = "halfbound",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type halfbound_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *halfbound_types[] = { &halfbound_type };

static int __init halfbound_init(void)
{
	int ret;

	ret = mdev_register_driver(&halfbound_driver);
	if (ret)
		return ret;

	halfbound_box = platform_device_register_simple("halfbound", -1, NULL,
							0);
	if (IS_ERR(halfbound_box)) {
		ret = PTR_ERR(halfbound_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&halfbound_parent, &halfbound_box->dev,
				   &halfbound_driver, halfbound_types,
				   ARRAY_SIZE(halfbound_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(halfbound_box);
err_driver:
	mdev_unregister_driver(&halfbound_driver);
	return ret;
}

static void __exit halfbound_exit(void)
{
	mdev_unregister_parent(&halfbound_parent);
	platform_device_unregister(halfbound_box);
	mdev_unregister_driver(&halfbound_driver);
}

module_init(halfbound_init);
module_exit(halfbound_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-core-rules)");
