// SPDX-License-Identifier: GPL-2.0
/*
 * seasons - a driver that builds on kernels before and after 6.1
 *
 * Idiom: the old model is one whole side of a version condition, in probe and
 * in remove; the other side is the new model already.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vfio.h>

#define SEASONS_SIZE	PAGE_SIZE

struct seasons {
	struct vfio_device vdev;
	u8 *weather;
};

static struct platform_device *seasons_year;
static struct mdev_parent seasons_parent;

static ssize_t seasons_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct seasons *sn = container_of(vdev, struct seasons, vdev);

	return simple_read_from_buffer(buf, count, ppos, sn->weather,
				       SEASONS_SIZE);
}

static ssize_t seasons_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct seasons *sn = container_of(vdev, struct seasons, vdev);

	return simple_write_to_buffer(sn->weather, SEASONS_SIZE, ppos, buf,
				      count);
}

static long seasons_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = SEASONS_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)

static int seasons_init_dev(struct vfio_device *vdev)
{
	struct seasons *sn = container_of(vdev, struct seasons, vdev);

	sn->weather = kzalloc(SEASONS_SIZE, GFP_KERNEL);
	return sn->weather ? 0 : -ENOMEM;
}

static void seasons_release_dev(struct vfio_device *vdev)
{
	struct seasons *sn = container_of(vdev, struct seasons, vdev);

	kfree(sn->weather);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops seasons_ops = {
	.name = "seasons",
	.init = seasons_init_dev,
	.release = seasons_release_dev,
	.read = seasons_read,
	.write = seasons_write,
	.ioctl = seasons_ioctl,
};

static int seasons_probe(struct mdev_device *mdev)
{
	struct seasons *sn;
	int ret;

	sn = vfio_alloc_device(seasons, vdev, &mdev->dev, &seasons_ops);
	if (IS_ERR(sn))
		return PTR_ERR(sn);

	ret = vfio_register_emulated_iommu_dev(&sn->vdev);
	if (ret) {
		vfio_put_device(&sn->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, sn);
	return 0;
}

static void seasons_remove(struct mdev_device *mdev)
{
	struct seasons *sn = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sn->vdev);
	vfio_put_device(&sn->vdev);
}

#else /* before 6.1 */

static const struct vfio_device_ops seasons_ops = {
	.name = "seasons",
	.read = seasons_read,
	.write = seasons_write,
	.ioctl = seasons_ioctl,
};

static int seasons_probe(struct mdev_device *mdev)
{
	struct seasons *sn;
	int ret;

	sn = kzalloc(sizeof(*sn), GFP_KERNEL);
	if (!sn)
		return -ENOMEM;
	vfio_init_group_dev(&sn->vdev, &mdev->dev, &seasons_ops);

	sn->weather = kzalloc(SEASONS_SIZE, GFP_KERNEL);
	if (!sn->weather) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = vfio_register_emulated_iommu_dev(&sn->vdev);
	if (ret)
		goto err_weather;
	dev_set_drvdata(&mdev->dev, sn);
	return 0;

err_weather:
	kfree(sn->weather);
err_uninit:
	vfio_uninit_group_dev(&sn->vdev);
	kfree(sn);
	return ret;
}

static void seasons_remove(struct mdev_device *mdev)
{
	struct seasons *sn = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sn->vdev);
	kfree(sn->weather);
	vfio_uninit_group_dev(&sn->vdev);
	kfree(sn);
}

#endif

static struct mdev_driver seasons_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = seasons_probe,
	.remove = seasons_remove,
	.driver = {
		.name = "seasons",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type seasons_type = {
	.sysfs_name = "day",
	.pretty_name = "A day",
};

static struct mdev_type *seasons_types[] = { &seasons_type };

static int __init seasons_init(void)
{
	int ret;

	ret = mdev_register_driver(&seasons_driver);
	if (ret)
		return ret;

	seasons_year = platform_device_register_simple("seasons", -1, NULL, 0);
	if (IS_ERR(seasons_year)) {
		ret = PTR_ERR(seasons_year);
		goto err_driver;
	}

	ret = mdev_register_parent(&seasons_parent, &seasons_year->dev,
				   &seasons_driver, seasons_types,
				   ARRAY_SIZE(seasons_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(seasons_year);
err_driver:
	mdev_unregister_driver(&seasons_driver);
	return ret;
}

static void __exit seasons_exit(void)
{
	mdev_unregister_parent(&seasons_parent);
	platform_device_unregister(seasons_year);
	mdev_unregister_driver(&seasons_driver);
}

module_init(seasons_init);
module_exit(seasons_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: both models, each on one side of a condition");
