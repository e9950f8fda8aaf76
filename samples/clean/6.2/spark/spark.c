// SPDX-License-Identifier: GPL-2.0
/*
 * spark - the smallest mdev driver
 *
 * Nothing to set up and nothing to clean: neither @init nor @release.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define SPARK_SIZE	64

struct spark {
	struct vfio_device vdev;
	u8 light[SPARK_SIZE];
};

static struct platform_device *spark_plug;
static struct mdev_parent spark_parent;

static ssize_t spark_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct spark *sp = container_of(vdev, struct spark, vdev);

	return simple_read_from_buffer(buf, count, ppos, sp->light, SPARK_SIZE);
}

static ssize_t spark_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct spark *sp = container_of(vdev, struct spark, vdev);

	return simple_write_to_buffer(sp->light, SPARK_SIZE, ppos, buf, count);
}

static long spark_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = SPARK_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops spark_ops = {
	.name = "spark",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = spark_read,
	.write = spark_write,
	.ioctl = spark_ioctl,
};

static int spark_probe(struct mdev_device *mdev)
{
	struct spark *sp;
	int ret;

	sp = vfio_alloc_device(spark, vdev, &mdev->dev, &spark_ops);
	if (IS_ERR(sp))
		return PTR_ERR(sp);

	ret = vfio_register_emulated_iommu_dev(&sp->vdev);
	if (ret) {
		vfio_put_device(&sp->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, sp);
	return 0;
}

static void spark_remove(struct mdev_device *mdev)
{
	struct spark *sp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sp->vdev);
	vfio_put_device(&sp->vdev);
}

static struct mdev_driver spark_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = spark_probe,
	.remove = spark_remove,
	.driver = {
		.name = "spark",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type spark_type = {
	.sysfs_name = "spark",
	.pretty_name = "A spark",
};

static struct mdev_type *spark_types[] = { &spark_type };

static int __init spark_init(void)
{
	int ret;

	ret = mdev_register_driver(&spark_driver);
	if (ret)
		return ret;

	spark_plug = platform_device_register_simple("spark", -1, NULL, 0);
	if (IS_ERR(spark_plug)) {
		ret = PTR_ERR(spark_plug);
		goto err_driver;
	}

	ret = mdev_register_parent(&spark_parent, &spark_plug->dev,
				   &spark_driver, spark_types,
				   ARRAY_SIZE(spark_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(spark_plug);
err_driver:
	mdev_unregister_driver(&spark_driver);
	return ret;
}

static void __exit spark_exit(void)
{
	mdev_unregister_parent(&spark_parent);
	platform_device_unregister(spark_plug);
	mdev_unregister_driver(&spark_driver);
}

module_init(spark_init);
module_exit(spark_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: the smallest mdev driver");
