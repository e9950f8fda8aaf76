// SPDX-License-Identifier: GPL-2.0
/*
 * climate - a driver with an option
 *
 * Idiom: an option of the build decides whether there is a statistics page. The
 * condition is around whole helper functions, not inside probe and remove.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define CLIMATE_SIZE	PAGE_SIZE

struct climate {
	struct vfio_device vdev;
	u8 *air;
	u64 *stats;
};

static struct platform_device *climate_globe;
static struct mdev_parent climate_parent;

static ssize_t climate_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct climate *cl = container_of(vdev, struct climate, vdev);

	return simple_read_from_buffer(buf, count, ppos, cl->air, CLIMATE_SIZE);
}

static ssize_t climate_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct climate *cl = container_of(vdev, struct climate, vdev);

	return simple_write_to_buffer(cl->air, CLIMATE_SIZE, ppos, buf, count);
}

static long climate_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = CLIMATE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops climate_ops = {
	.name = "climate",
	.read = climate_read,
	.write = climate_write,
	.ioctl = climate_ioctl,
};

#ifdef CLIMATE_STATS
static int climate_stats_alloc(struct climate *cl)
{
	cl->stats = kzalloc(PAGE_SIZE, GFP_KERNEL);
	return cl->stats ? 0 : -ENOMEM;
}

static void climate_stats_free(struct climate *cl)
{
	kfree(cl->stats);
}
#else
static inline int climate_stats_alloc(struct climate *cl)
{
	return 0;
}

static inline void climate_stats_free(struct climate *cl)
{
}
#endif

static int climate_probe(struct mdev_device *mdev)
{
	struct climate *cl;
	int ret;

	cl = kzalloc(sizeof(*cl), GFP_KERNEL);
	if (!cl)
		return -ENOMEM;
	vfio_init_group_dev(&cl->vdev, &mdev->dev, &climate_ops);

	cl->air = kzalloc(CLIMATE_SIZE, GFP_KERNEL);
	if (!cl->air) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = climate_stats_alloc(cl);
	if (ret)
		goto err_air;

	ret = vfio_register_emulated_iommu_dev(&cl->vdev);
	if (ret)
		goto err_stats;
	dev_set_drvdata(&mdev->dev, cl);
	return 0;

err_stats:
	climate_stats_free(cl);
err_air:
	kfree(cl->air);
err_uninit:
	vfio_uninit_group_dev(&cl->vdev);
	kfree(cl);
	return ret;
}

static void climate_remove(struct mdev_device *mdev)
{
	struct climate *cl = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&cl->vdev);
	climate_stats_free(cl);
	kfree(cl->air);
	vfio_uninit_group_dev(&cl->vdev);
	kfree(cl);
}

static struct mdev_driver climate_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = climate_probe,
	.remove = climate_remove,
	.driver = {
		.name = "climate",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type climate_type = {
	.sysfs_name = "day",
	.pretty_name = "A day",
};

static struct mdev_type *climate_types[] = { &climate_type };

static int __init climate_init(void)
{
	int ret;

	ret = mdev_register_driver(&climate_driver);
	if (ret)
		return ret;

	climate_globe = platform_device_register_simple("climate", -1, NULL, 0);
	if (IS_ERR(climate_globe)) {
		ret = PTR_ERR(climate_globe);
		goto err_driver;
	}

	ret = mdev_register_parent(&climate_parent, &climate_globe->dev,
				   &climate_driver, climate_types,
				   ARRAY_SIZE(climate_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(climate_globe);
err_driver:
	mdev_unregister_driver(&climate_driver);
	return ret;
}

static void __exit climate_exit(void)
{
	mdev_unregister_parent(&climate_parent);
	platform_device_unregister(climate_globe);
	mdev_unregister_driver(&climate_driver);
}

module_init(climate_init);
module_exit(climate_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: an option of the build, around whole helpers");
