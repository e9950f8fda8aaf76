// SPDX-License-Identifier: GPL-2.0
/*
 * wrongbox - a callback that takes its structure for another
 *
 * There are two structures around a vfio_device; the smaller one is allocated,
 * but open_device() counts in the larger one, just behind what belongs to it.
 *
 * Seen: the allocator finds its red zone overwritten.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct wrongbox {
	struct vfio_device vdev;
	u8 data[64];
};

#define WIDEBOX_ROOM	roundup_pow_of_two(sizeof(struct wrongbox))

struct widebox {
	struct vfio_device vdev;
	u8 data[WIDEBOX_ROOM - sizeof(struct vfio_device)];
	u32 opens;
};

static struct platform_device *wrongbox_box;
static struct mdev_parent wrongbox_parent;

static ssize_t wrongbox_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct wrongbox *wb = container_of(vdev, struct wrongbox, vdev);

	return simple_read_from_buffer(buf, count, ppos, wb->data,
				       sizeof(wb->data));
}

static ssize_t wrongbox_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct wrongbox *wb = container_of(vdev, struct wrongbox, vdev);

	return simple_write_to_buffer(wb->data, sizeof(wb->data), ppos, buf,
				      count);
}

static long wrongbox_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct wrongbox, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int wrongbox_open_device(struct vfio_device *vdev)
{
	struct widebox *wide;

	wide = container_of(vdev, struct widebox, vdev); /* BUG: vfio-container-of-mismatch */
	wide->opens++;
	return 0;
}

static const struct vfio_device_ops wrongbox_ops = {
	.name = "wrongbox",
	.release = vfio_free_device,
	.open_device = wrongbox_open_device,
	.read = wrongbox_read,
	.write = wrongbox_write,
	.ioctl = wrongbox_ioctl,
};

static int wrongbox_probe(struct mdev_device *mdev)
{
	struct wrongbox *wb;
	int ret;

	wb = vfio_alloc_device(wrongbox, vdev, &mdev->dev, &wrongbox_ops);
	if (IS_ERR(wb))
		return PTR_ERR(wb);

	ret = vfio_register_emulated_iommu_dev(&wb->vdev);
	if (ret) {
		vfio_put_device(&wb->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, wb);
	return 0;
}

static void wrongbox_remove(struct mdev_device *mdev)
{
	struct wrongbox *wb = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&wb->vdev);
	vfio_put_device(&wb->vdev);
}

static struct mdev_driver wrongbox_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = wrongbox_probe,
	.remove = wrongbox_remove,
	.driver = {
		.name = "wrongbox",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type wrongbox_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *wrongbox_types[] = { &wrongbox_type };

static int __init wrongbox_init(void)
{
	int ret;

	ret = mdev_register_driver(&wrongbox_driver);
	if (ret)
		return ret;

	wrongbox_box = platform_device_register_simple("wrongbox", -1, NULL, 0);
	if (IS_ERR(wrongbox_box)) {
		ret = PTR_ERR(wrongbox_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&wrongbox_parent, &wrongbox_box->dev,
				   &wrongbox_driver, wrongbox_types,
				   ARRAY_SIZE(wrongbox_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(wrongbox_box);
err_driver:
	mdev_unregister_driver(&wrongbox_driver);
	return ret;
}

static void __exit wrongbox_exit(void)
{
	mdev_unregister_parent(&wrongbox_parent);
	platform_device_unregister(wrongbox_box);
	mdev_unregister_driver(&wrongbox_driver);
}

module_init(wrongbox_init);
module_exit(wrongbox_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-container-of-mismatch)");
