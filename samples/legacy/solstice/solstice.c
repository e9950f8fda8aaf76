// SPDX-License-Identifier: GPL-2.0
/*
 * solstice - a driver whose conditions cut through statements
 *
 * Idiom: version conditions inside what a migration would have to change: the
 * structure is allocated in one way or another, and uninit is called only on
 * some kernels. No side is one whole model: vfio-migrate refuses this driver.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vfio.h>

#define SOLSTICE_SIZE	PAGE_SIZE

struct solstice {
	struct vfio_device vdev;
	u8 *shadow;
};

static struct platform_device *solstice_sun;
static struct mdev_parent solstice_parent;

static ssize_t solstice_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct solstice *so = container_of(vdev, struct solstice, vdev);

	return simple_read_from_buffer(buf, count, ppos, so->shadow,
				       SOLSTICE_SIZE);
}

static ssize_t solstice_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct solstice *so = container_of(vdev, struct solstice, vdev);

	return simple_write_to_buffer(so->shadow, SOLSTICE_SIZE, ppos, buf,
				      count);
}

static long solstice_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = SOLSTICE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops solstice_ops = {
	.name = "solstice",
	.read = solstice_read,
	.write = solstice_write,
	.ioctl = solstice_ioctl,
};

static int solstice_probe(struct mdev_device *mdev)
{
	struct solstice *so;
	int ret;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	so = kvzalloc(sizeof(*so), GFP_KERNEL);
#else
	so = kzalloc(sizeof(*so), GFP_KERNEL);
#endif
	if (!so)
		return -ENOMEM;
	vfio_init_group_dev(&so->vdev, &mdev->dev, &solstice_ops);

	so->shadow = kzalloc(SOLSTICE_SIZE, GFP_KERNEL);
	if (!so->shadow) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = vfio_register_emulated_iommu_dev(&so->vdev);
	if (ret)
		goto err_shadow;
	dev_set_drvdata(&mdev->dev, so);
	return 0;

err_shadow:
	kfree(so->shadow);
err_uninit:
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
	vfio_uninit_group_dev(&so->vdev);
#endif
	kvfree(so);
	return ret;
}

static void solstice_remove(struct mdev_device *mdev)
{
	struct solstice *so = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&so->vdev);
	kfree(so->shadow);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
	vfio_uninit_group_dev(&so->vdev);
#endif
	kvfree(so);
}

static struct mdev_driver solstice_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = solstice_probe,
	.remove = solstice_remove,
	.driver = {
		.name = "solstice",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type solstice_type = {
	.sysfs_name = "day",
	.pretty_name = "A day",
};

static struct mdev_type *solstice_types[] = { &solstice_type };

static int __init solstice_init(void)
{
	int ret;

	ret = mdev_register_driver(&solstice_driver);
	if (ret)
		return ret;

	solstice_sun = platform_device_register_simple("solstice", -1, NULL, 0);
	if (IS_ERR(solstice_sun)) {
		ret = PTR_ERR(solstice_sun);
		goto err_driver;
	}

	ret = mdev_register_parent(&solstice_parent, &solstice_sun->dev,
				   &solstice_driver, solstice_types,
				   ARRAY_SIZE(solstice_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(solstice_sun);
err_driver:
	mdev_unregister_driver(&solstice_driver);
	return ret;
}

static void __exit solstice_exit(void)
{
	mdev_unregister_parent(&solstice_parent);
	platform_device_unregister(solstice_sun);
	mdev_unregister_driver(&solstice_driver);
}

module_init(solstice_init);
module_exit(solstice_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: conditions inside what would change");
