// SPDX-License-Identifier: GPL-2.0
/*
 * orchard - trees with apples
 *
 * Idiom: a create() and destroy() pair in another file of the driver, which
 * knows nothing of vfio: probe prepares the vfio_device of what it got, and
 * create() comes to its memory through one more function. The vfio_device is
 * not the first member, and the structure is handed on as a void pointer.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#include "orchard.h"

#define ORCHARD_APPLES	256

static struct orchard orchard;
static struct platform_device *orchard_field;
static struct mdev_parent orchard_parent;

static ssize_t orchard_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct tree *tree = container_of(vdev, struct tree, vdev);

	return simple_read_from_buffer(buf, count, ppos, tree->apples,
				       ORCHARD_APPLES);
}

static ssize_t orchard_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct tree *tree = container_of(vdev, struct tree, vdev);

	return simple_write_to_buffer(tree->apples, ORCHARD_APPLES, ppos, buf, count);
}

static long orchard_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = ORCHARD_APPLES;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops orchard_ops = {
	.name = "orchard",
	.read = orchard_read,
	.write = orchard_write,
	.ioctl = orchard_ioctl,
};

static int orchard_probe(struct mdev_device *mdev)
{
	struct tree *tree;
	int ret;

	tree = orchard_plant(&orchard, ORCHARD_APPLES);
	if (IS_ERR(tree)) {
		dev_err(&mdev->dev, "no tree: %ld\n", PTR_ERR(tree));
		return PTR_ERR(tree);
	}

	vfio_init_group_dev(&tree->vdev, &mdev->dev, &orchard_ops);

	dev_set_drvdata(&mdev->dev, tree);
	ret = vfio_register_emulated_iommu_dev(&tree->vdev);
	if (ret)
		goto err_uninit;
	return 0;

err_uninit:
	vfio_uninit_group_dev(&tree->vdev);
	orchard_fell(tree);
	return ret;
}

static void orchard_remove(struct mdev_device *mdev)
{
	struct tree *tree = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&tree->vdev);
	vfio_uninit_group_dev(&tree->vdev);
	orchard_fell(tree);
}

static struct mdev_driver orchard_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = ORCHARD_TREES,
	.probe = orchard_probe,
	.remove = orchard_remove,
	.driver = {
		.name = "orchard",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type orchard_type = {
	.sysfs_name = "orchard",
	.pretty_name = "A tree of apples",
};

static struct mdev_type *orchard_types[] = { &orchard_type };

static int __init orchard_init(void)
{
	int ret;

	mutex_init(&orchard.lock);
	idr_init(&orchard.trees);

	ret = mdev_register_driver(&orchard_driver);
	if (ret)
		return ret;

	orchard_field = platform_device_register_simple("orchard", -1, NULL, 0);
	if (IS_ERR(orchard_field)) {
		ret = PTR_ERR(orchard_field);
		goto err_driver;
	}

	ret = mdev_register_parent(&orchard_parent, &orchard_field->dev,
				   &orchard_driver, orchard_types,
				   ARRAY_SIZE(orchard_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(orchard_field);
err_driver:
	mdev_unregister_driver(&orchard_driver);
	return ret;
}

static void __exit orchard_exit(void)
{
	mdev_unregister_parent(&orchard_parent);
	platform_device_unregister(orchard_field);
	mdev_unregister_driver(&orchard_driver);
}

module_init(orchard_init);
module_exit(orchard_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: create() that knows nothing of vfio");
