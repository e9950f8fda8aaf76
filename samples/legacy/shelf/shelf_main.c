// SPDX-License-Identifier: GPL-2.0
/*
 * shelf - rows of books in one library
 *
 * Idiom: the vfio_device is not the first member of its structure, which a
 * header shared by two files defines.
 */
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "shelf.h"

static DEFINE_MUTEX(shelf_list_lock);	/* shelf_list and shelf_count */
static LIST_HEAD(shelf_list);
static unsigned int shelf_count;
module_param_named(count, shelf_count, uint, 0444);
MODULE_PARM_DESC(count, "number of shelves");

static struct platform_device *shelf_library;
static struct mdev_parent shelf_parent;

static long shelf_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = SHELF_WIDTH;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops shelf_ops = {
	.name = "shelf",
	.read = shelf_read,
	.write = shelf_write,
	.ioctl = shelf_ioctl,
};

static int shelf_probe(struct mdev_device *mdev)
{
	struct shelf *sh;
	int ret;

	sh = kzalloc(sizeof(*sh), GFP_KERNEL);
	if (!sh)
		return -ENOMEM;
	vfio_init_group_dev(&sh->vdev, &mdev->dev, &shelf_ops);

	ret = shelf_fill(sh);
	if (ret)
		goto err_uninit;

	ret = vfio_register_emulated_iommu_dev(&sh->vdev);
	if (ret)
		goto err_clear;

	mutex_lock(&shelf_list_lock);
	list_add(&sh->next, &shelf_list);
	shelf_count++;
	mutex_unlock(&shelf_list_lock);
	dev_set_drvdata(&mdev->dev, sh);
	return 0;

err_clear:
	shelf_clear(sh);
err_uninit:
	vfio_uninit_group_dev(&sh->vdev);
	kfree(sh);
	return ret;
}

static void shelf_remove(struct mdev_device *mdev)
{
	struct shelf *sh = dev_get_drvdata(&mdev->dev);

	mutex_lock(&shelf_list_lock);
	shelf_count--;
	list_del(&sh->next);
	mutex_unlock(&shelf_list_lock);

	vfio_unregister_group_dev(&sh->vdev);
	shelf_clear(sh);
	vfio_uninit_group_dev(&sh->vdev);
	kfree(sh);
}

static struct mdev_driver shelf_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = shelf_probe,
	.remove = shelf_remove,
	.driver = {
		.name = "shelf",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type shelf_type = {
	.sysfs_name = "row",
	.pretty_name = "A row of books",
};

static struct mdev_type *shelf_types[] = { &shelf_type };

static int __init shelf_init(void)
{
	int ret;

	ret = mdev_register_driver(&shelf_driver);
	if (ret)
		return ret;

	shelf_library = platform_device_register_simple("shelf", -1, NULL, 0);
	if (IS_ERR(shelf_library)) {
		ret = PTR_ERR(shelf_library);
		goto err_driver;
	}

	ret = mdev_register_parent(&shelf_parent, &shelf_library->dev,
				   &shelf_driver, shelf_types,
				   ARRAY_SIZE(shelf_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(shelf_library);
err_driver:
	mdev_unregister_driver(&shelf_driver);
	return ret;
}

static void __exit shelf_exit(void)
{
	mdev_unregister_parent(&shelf_parent);
	platform_device_unregister(shelf_library);
	mdev_unregister_driver(&shelf_driver);
}

module_init(shelf_init);
module_exit(shelf_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a vfio_device that is not the first member");
