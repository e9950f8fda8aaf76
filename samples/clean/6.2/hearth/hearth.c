// SPDX-License-Identifier: GPL-2.0
/*
 * hearth - wood in, ashes out
 *
 * @init sets up two buffers and a count and unwinds what it did when it fails;
 * @release undoes all of it.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define HEARTH_SIZE	PAGE_SIZE

struct hearth {
	struct vfio_device vdev;
	struct mutex lock;	/* wood and ashes */
	u8 *wood;
	u8 *ashes;
};

static atomic_t hearth_fires = ATOMIC_INIT(0);
module_param_named(fires, hearth_fires.counter, int, 0444);
MODULE_PARM_DESC(fires, "number of hearths in memory");

static struct platform_device *hearth_house;
static struct mdev_parent hearth_parent;

static int hearth_init_dev(struct vfio_device *vdev)
{
	struct hearth *he = container_of(vdev, struct hearth, vdev);

	mutex_init(&he->lock);
	he->wood = kzalloc(HEARTH_SIZE, GFP_KERNEL);
	if (!he->wood)
		return -ENOMEM;

	he->ashes = kzalloc(HEARTH_SIZE, GFP_KERNEL);
	if (!he->ashes)
		goto err_wood;

	atomic_inc(&hearth_fires);
	return 0;

err_wood:
	kfree(he->wood);
	return -ENOMEM;
}

static void hearth_release_dev(struct vfio_device *vdev)
{
	struct hearth *he = container_of(vdev, struct hearth, vdev);

	atomic_dec(&hearth_fires);
	kfree(he->ashes);
	kfree(he->wood);
}

static ssize_t hearth_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct hearth *he = container_of(vdev, struct hearth, vdev);
	ssize_t ret;

	mutex_lock(&he->lock);
	ret = simple_read_from_buffer(buf, count, ppos, he->wood, HEARTH_SIZE);
	mutex_unlock(&he->lock);
	return ret;
}

static ssize_t hearth_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct hearth *he = container_of(vdev, struct hearth, vdev);
	ssize_t ret;

	mutex_lock(&he->lock);
	he->ashes[*ppos % HEARTH_SIZE]++;
	ret = simple_write_to_buffer(he->wood, HEARTH_SIZE, ppos, buf, count);
	mutex_unlock(&he->lock);
	return ret;
}

static long hearth_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = HEARTH_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops hearth_ops = {
	.name = "hearth",
	.init = hearth_init_dev,
	.release = hearth_release_dev,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = hearth_read,
	.write = hearth_write,
	.ioctl = hearth_ioctl,
};

static int hearth_probe(struct mdev_device *mdev)
{
	struct hearth *he;
	int ret;

	he = vfio_alloc_device(hearth, vdev, &mdev->dev, &hearth_ops);
	if (IS_ERR(he))
		return PTR_ERR(he);

	ret = vfio_register_emulated_iommu_dev(&he->vdev);
	if (ret)
		goto err_put_vdev;

	dev_set_drvdata(&mdev->dev, he);
	return 0;

err_put_vdev:
	vfio_put_device(&he->vdev);
	return ret;
}

static void hearth_remove(struct mdev_device *mdev)
{
	struct hearth *he = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&he->vdev);
	vfio_put_device(&he->vdev);
}

static struct mdev_driver hearth_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = hearth_probe,
	.remove = hearth_remove,
	.driver = {
		.name = "hearth",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type hearth_type = {
	.sysfs_name = "fire",
	.pretty_name = "A fireplace",
};

static struct mdev_type *hearth_types[] = { &hearth_type };

static int __init hearth_init(void)
{
	int ret;

	ret = mdev_register_driver(&hearth_driver);
	if (ret)
		return ret;

	hearth_house = platform_device_register_simple("hearth", -1, NULL, 0);
	if (IS_ERR(hearth_house)) {
		ret = PTR_ERR(hearth_house);
		goto err_driver;
	}

	ret = mdev_register_parent(&hearth_parent, &hearth_house->dev,
				   &hearth_driver, hearth_types,
				   ARRAY_SIZE(hearth_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(hearth_house);
err_driver:
	mdev_unregister_driver(&hearth_driver);
	return ret;
}

static void __exit hearth_exit(void)
{
	mdev_unregister_parent(&hearth_parent);
	platform_device_unregister(hearth_house);
	mdev_unregister_driver(&hearth_driver);
}

module_init(hearth_init);
module_exit(hearth_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: set-up in init, clean-up in release");
