// SPDX-License-Identifier: GPL-2.0
/*
 * lantern - scope-based clean-up
 *
 * Buffers are held by __free() until the device has them, locks by guard(): the
 * way newer drivers write it.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define LANTERN_SIZE	PAGE_SIZE

struct lantern {
	struct vfio_device vdev;
	struct mutex lock;	/* oil and wick */
	u8 *oil;
	u8 *wick;
};

static struct platform_device *lantern_post;
static struct mdev_parent lantern_parent;

static int lantern_init_dev(struct vfio_device *vdev)
{
	struct lantern *la = container_of(vdev, struct lantern, vdev);
	u8 *wick __free(kfree) = kzalloc(LANTERN_SIZE, GFP_KERNEL);
	u8 *oil __free(kfree) = kzalloc(LANTERN_SIZE, GFP_KERNEL);

	if (!wick || !oil)
		return -ENOMEM;

	mutex_init(&la->lock);
	la->wick = no_free_ptr(wick);
	la->oil = no_free_ptr(oil);
	return 0;
}

static void lantern_release_dev(struct vfio_device *vdev)
{
	struct lantern *la = container_of(vdev, struct lantern, vdev);

	kfree(la->oil);
	kfree(la->wick);
}

static ssize_t lantern_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct lantern *la = container_of(vdev, struct lantern, vdev);

	guard(mutex)(&la->lock);
	return simple_read_from_buffer(buf, count, ppos, la->oil,
				       LANTERN_SIZE);
}

static ssize_t lantern_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct lantern *la = container_of(vdev, struct lantern, vdev);

	guard(mutex)(&la->lock);
	la->wick[*ppos % LANTERN_SIZE]++;
	return simple_write_to_buffer(la->oil, LANTERN_SIZE, ppos, buf, count);
}

static long lantern_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = LANTERN_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops lantern_ops = {
	.name = "lantern",
	.init = lantern_init_dev,
	.release = lantern_release_dev,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = lantern_read,
	.write = lantern_write,
	.ioctl = lantern_ioctl,
};

static int lantern_probe(struct mdev_device *mdev)
{
	struct lantern *la;
	int ret;

	la = vfio_alloc_device(lantern, vdev, &mdev->dev, &lantern_ops);
	if (IS_ERR(la))
		return PTR_ERR(la);

	dev_set_drvdata(&mdev->dev, la);
	ret = vfio_register_emulated_iommu_dev(&la->vdev);
	if (ret)
		vfio_put_device(&la->vdev);
	return ret;
}

static void lantern_remove(struct mdev_device *mdev)
{
	struct lantern *la = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&la->vdev);
	vfio_put_device(&la->vdev);
}

static struct mdev_driver lantern_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = lantern_probe,
	.remove = lantern_remove,
	.driver = {
		.name = "lantern",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type lantern_type = {
	.sysfs_name = "flame",
	.pretty_name = "A flame",
};

static struct mdev_type *lantern_types[] = { &lantern_type };

static int __init lantern_init(void)
{
	int ret;

	ret = mdev_register_driver(&lantern_driver);
	if (ret)
		return ret;

	lantern_post = platform_device_register_simple("lantern", -1, NULL, 0);
	if (IS_ERR(lantern_post)) {
		ret = PTR_ERR(lantern_post);
		goto err_driver;
	}

	ret = mdev_register_parent(&lantern_parent, &lantern_post->dev,
				   &lantern_driver, lantern_types,
				   ARRAY_SIZE(lantern_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(lantern_post);
err_driver:
	mdev_unregister_driver(&lantern_driver);
	return ret;
}

static void __exit lantern_exit(void)
{
	mdev_unregister_parent(&lantern_parent);
	platform_device_unregister(lantern_post);
	mdev_unregister_driver(&lantern_driver);
}

module_init(lantern_init);
module_exit(lantern_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: scope-based clean-up");
