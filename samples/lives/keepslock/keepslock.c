// SPDX-License-Identifier: GPL-2.0
/*
 * keepslock - a read that returns with its lock held
 *
 * Seen: lockdep finds the lock held when the call returns to user space.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct keepslock {
	struct vfio_device vdev;
	struct mutex lock;
	bool written;
	u8 data[64];
};

static struct platform_device *keepslock_box;
static struct mdev_parent keepslock_parent;

static ssize_t keepslock_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct keepslock *kl = container_of(vdev, struct keepslock, vdev);
	ssize_t ret;

	mutex_lock(&kl->lock);
	if (!kl->written)
		return -ENODATA; /* BUG: vfio-locking */
	ret = simple_read_from_buffer(buf, count, ppos, kl->data,
				      sizeof(kl->data));
	mutex_unlock(&kl->lock);
	return ret;
}

static ssize_t keepslock_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct keepslock *kl = container_of(vdev, struct keepslock, vdev);
	ssize_t ret;

	mutex_lock(&kl->lock);
	kl->written = true;
	ret = simple_write_to_buffer(kl->data, sizeof(kl->data), ppos, buf,
				     count);
	mutex_unlock(&kl->lock);
	return ret;
}

static long keepslock_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct keepslock, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops keepslock_ops = {
	.name = "keepslock",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = keepslock_read,
	.write = keepslock_write,
	.ioctl = keepslock_ioctl,
};

static int keepslock_probe(struct mdev_device *mdev)
{
	struct keepslock *kl;
	int ret;

	kl = vfio_alloc_device(keepslock, vdev, &mdev->dev, &keepslock_ops);
	if (IS_ERR(kl))
		return PTR_ERR(kl);

	mutex_init(&kl->lock);
	ret = vfio_register_emulated_iommu_dev(&kl->vdev);
	if (ret) {
		vfio_put_device(&kl->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, kl);
	return 0;
}

static void keepslock_remove(struct mdev_device *mdev)
{
	struct keepslock *kl = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&kl->vdev);
	vfio_put_device(&kl->vdev);
}

static struct mdev_driver keepslock_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = keepslock_probe,
	.remove = keepslock_remove,
	.driver = {
		.name = "keepslock",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type keepslock_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *keepslock_types[] = { &keepslock_type };

static int __init keepslock_init(void)
{
	int ret;

	ret = mdev_register_driver(&keepslock_driver);
	if (ret)
		return ret;

	keepslock_box = platform_device_register_simple("keepslock", -1, NULL,
							0);
	if (IS_ERR(keepslock_box)) {
		ret = PTR_ERR(keepslock_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&keepslock_parent, &keepslock_box->dev,
				   &keepslock_driver, keepslock_types,
				   ARRAY_SIZE(keepslock_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(keepslock_box);
err_driver:
	mdev_unregister_driver(&keepslock_driver);
	return ret;
}

static void __exit keepslock_exit(void)
{
	mdev_unregister_parent(&keepslock_parent);
	platform_device_unregister(keepslock_box);
	mdev_unregister_driver(&keepslock_driver);
}

module_init(keepslock_init);
module_exit(keepslock_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-locking)");
