// SPDX-License-Identifier: GPL-2.0
/*
 * devgiven - memory that belongs to the bus device
 *
 * Seen: the last put frees the inside of an object, and the bus device frees it
 * once more.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct devgiven {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *devgiven_box;
static struct mdev_parent devgiven_parent;

static ssize_t devgiven_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct devgiven *dg = container_of(vdev, struct devgiven, vdev);

	return simple_read_from_buffer(buf, count, ppos, dg->data,
				       sizeof(dg->data));
}

static ssize_t devgiven_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct devgiven *dg = container_of(vdev, struct devgiven, vdev);

	return simple_write_to_buffer(dg->data, sizeof(dg->data), ppos, buf,
				      count);
}

static long devgiven_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct devgiven, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops devgiven_ops = {
	.name = "devgiven",
	.release = vfio_free_device,
	.read = devgiven_read,
	.write = devgiven_write,
	.ioctl = devgiven_ioctl,
};

static int devgiven_probe(struct mdev_device *mdev)
{
	struct devgiven *dg;
	int ret;

	dg = devm_kzalloc(&mdev->dev, sizeof(*dg), GFP_KERNEL);
	if (!dg)
		return -ENOMEM;

	ret = vfio_init_device(&dg->vdev, &mdev->dev, &devgiven_ops); /* BUG: vfio-mismatched-free */
	if (ret)
		return ret;

	ret = vfio_register_emulated_iommu_dev(&dg->vdev);
	if (ret) {
		vfio_put_device(&dg->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, dg);
	return 0;
}

static void devgiven_remove(struct mdev_device *mdev)
{
	struct devgiven *dg = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&dg->vdev);
	vfio_put_device(&dg->vdev);
}

static struct mdev_driver devgiven_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = devgiven_probe,
	.remove = devgiven_remove,
	.driver = {
		.name = "devgiven",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type devgiven_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *devgiven_types[] = { &devgiven_type };

static int __init devgiven_init(void)
{
	int ret;

	ret = mdev_register_driver(&devgiven_driver);
	if (ret)
		return ret;

	devgiven_box = platform_device_register_simple("devgiven", -1, NULL, 0);
	if (IS_ERR(devgiven_box)) {
		ret = PTR_ERR(devgiven_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&devgiven_parent, &devgiven_box->dev,
				   &devgiven_driver, devgiven_types,
				   ARRAY_SIZE(devgiven_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(devgiven_box);
err_driver:
	mdev_unregister_driver(&devgiven_driver);
	return ret;
}

static void __exit devgiven_exit(void)
{
	mdev_unregister_parent(&devgiven_parent);
	platform_device_unregister(devgiven_box);
	mdev_unregister_driver(&devgiven_driver);
}

module_init(devgiven_init);
module_exit(devgiven_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
