// SPDX-License-Identifier: GPL-2.0
/*
 * kfreed - a large structure freed by kfree()
 *
 * The structure is too large for kmalloc(), so vfio_alloc_device() takes it from
 * vmalloc(): what kfree() is given is not its own.
 *
 * Seen: the kernel complains of, or stops in, kfree() on remove.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct kfreed {
	struct vfio_device vdev;
	u8 data[8 * 1024 * 1024];
};

static struct platform_device *kfreed_box;
static struct mdev_parent kfreed_parent;

static ssize_t kfreed_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct kfreed *kf = container_of(vdev, struct kfreed, vdev);

	return simple_read_from_buffer(buf, count, ppos, kf->data,
				       sizeof(kf->data));
}

static ssize_t kfreed_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct kfreed *kf = container_of(vdev, struct kfreed, vdev);

	return simple_write_to_buffer(kf->data, sizeof(kf->data), ppos, buf,
				      count);
}

static long kfreed_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct kfreed, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void kfreed_release_dev(struct vfio_device *vdev)
{
	struct kfreed *kf = container_of(vdev, struct kfreed, vdev);

	kfree(kf); /* BUG: vfio-mismatched-free */
}

static const struct vfio_device_ops kfreed_ops = {
	.name = "kfreed",
	.release = kfreed_release_dev,
	.read = kfreed_read,
	.write = kfreed_write,
	.ioctl = kfreed_ioctl,
};

static int kfreed_probe(struct mdev_device *mdev)
{
	struct kfreed *kf;
	int ret;

	kf = vfio_alloc_device(kfreed, vdev, &mdev->dev, &kfreed_ops);
	if (IS_ERR(kf))
		return PTR_ERR(kf);

	ret = vfio_register_emulated_iommu_dev(&kf->vdev);
	if (ret) {
		vfio_put_device(&kf->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, kf);
	return 0;
}

static void kfreed_remove(struct mdev_device *mdev)
{
	struct kfreed *kf = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&kf->vdev);
	vfio_put_device(&kf->vdev);
}

static struct mdev_driver kfreed_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = kfreed_probe,
	.remove = kfreed_remove,
	.driver = {
		.name = "kfreed",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type kfreed_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *kfreed_types[] = { &kfreed_type };

static int __init kfreed_init(void)
{
	int ret;

	ret = mdev_register_driver(&kfreed_driver);
	if (ret)
		return ret;

	kfreed_box = platform_device_register_simple("kfreed", -1, NULL, 0);
	if (IS_ERR(kfreed_box)) {
		ret = PTR_ERR(kfreed_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&kfreed_parent, &kfreed_box->dev,
				   &kfreed_driver, kfreed_types,
				   ARRAY_SIZE(kfreed_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(kfreed_box);
err_driver:
	mdev_unregister_driver(&kfreed_driver);
	return ret;
}

static void __exit kfreed_exit(void)
{
	mdev_unregister_parent(&kfreed_parent);
	platform_device_unregister(kfreed_box);
	mdev_unregister_driver(&kfreed_driver);
}

module_init(kfreed_init);
module_exit(kfreed_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
