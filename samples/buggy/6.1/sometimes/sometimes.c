// SPDX-License-Identifier: GPL-2.0
/*
 * sometimes - @release frees on some paths only
 *
 * Seen: a device that was never opened stays allocated.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct sometimes {
	struct vfio_device vdev;
	u8 data[64];
	bool opened;
};

static struct platform_device *sometimes_box;
static struct mdev_parent sometimes_parent;

static ssize_t sometimes_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct sometimes *so = container_of(vdev, struct sometimes, vdev);

	return simple_read_from_buffer(buf, count, ppos, so->data,
				       sizeof(so->data));
}

static ssize_t sometimes_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct sometimes *so = container_of(vdev, struct sometimes, vdev);

	return simple_write_to_buffer(so->data, sizeof(so->data), ppos, buf,
				      count);
}

static long sometimes_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct sometimes, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int sometimes_open_device(struct vfio_device *vdev)
{
	struct sometimes *so = container_of(vdev, struct sometimes, vdev);

	so->opened = true;
	return 0;
}

static void sometimes_release_dev(struct vfio_device *vdev)
{
	struct sometimes *so = container_of(vdev, struct sometimes, vdev);

	if (!so->opened)
		return; /* BUG: vfio-release-contract */
	vfio_free_device(vdev);
}

static const struct vfio_device_ops sometimes_ops = {
	.name = "sometimes",
	.release = sometimes_release_dev,
	.open_device = sometimes_open_device,
	.read = sometimes_read,
	.write = sometimes_write,
	.ioctl = sometimes_ioctl,
};

static int sometimes_probe(struct mdev_device *mdev)
{
	struct sometimes *so;
	int ret;

	so = vfio_alloc_device(sometimes, vdev, &mdev->dev, &sometimes_ops);
	if (IS_ERR(so))
		return PTR_ERR(so);

	ret = vfio_register_emulated_iommu_dev(&so->vdev);
	if (ret) {
		vfio_put_device(&so->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, so);
	return 0;
}

static void sometimes_remove(struct mdev_device *mdev)
{
	struct sometimes *so = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&so->vdev);
	vfio_put_device(&so->vdev);
}

static struct mdev_driver sometimes_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = sometimes_probe,
	.remove = sometimes_remove,
	.driver = {
		.name = "sometimes",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type sometimes_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *sometimes_types[] = { &sometimes_type };

static int __init sometimes_init(void)
{
	int ret;

	ret = mdev_register_driver(&sometimes_driver);
	if (ret)
		return ret;

	sometimes_box = platform_device_register_simple("sometimes", -1, NULL,
							0);
	if (IS_ERR(sometimes_box)) {
		ret = PTR_ERR(sometimes_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&sometimes_parent, &sometimes_box->dev,
				   &sometimes_driver, sometimes_types,
				   ARRAY_SIZE(sometimes_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(sometimes_box);
err_driver:
	mdev_unregister_driver(&sometimes_driver);
	return ret;
}

static void __exit sometimes_exit(void)
{
	mdev_unregister_parent(&sometimes_parent);
	platform_device_unregister(sometimes_box);
	mdev_unregister_driver(&sometimes_driver);
}

module_init(sometimes_init);
module_exit(sometimes_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
