// SPDX-License-Identifier: GPL-2.0
/*
 * openkeeps - an open that fails keeps what it took
 *
 * Seen: kmemleak finds a log after each open that failed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct openkeeps {
	struct vfio_device vdev;
	u8 *log;
	u8 data[64];
};

static bool broken;
module_param(broken, bool, 0644);

static struct platform_device *openkeeps_box;
static struct mdev_parent openkeeps_parent;

static ssize_t openkeeps_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct openkeeps *ok = container_of(vdev, struct openkeeps, vdev);

	return simple_read_from_buffer(buf, count, ppos, ok->data,
				       sizeof(ok->data));
}

static ssize_t openkeeps_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct openkeeps *ok = container_of(vdev, struct openkeeps, vdev);

	return simple_write_to_buffer(ok->data, sizeof(ok->data), ppos, buf,
				      count);
}

static long openkeeps_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct openkeeps, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int openkeeps_start(struct openkeeps *ok)
{
	return broken ? -EIO : 0;
}

static int openkeeps_open_device(struct vfio_device *vdev)
{
	struct openkeeps *ok = container_of(vdev, struct openkeeps, vdev);
	int ret;

	ok->log = kzalloc(1024, GFP_KERNEL);
	if (!ok->log)
		return -ENOMEM;

	ret = openkeeps_start(ok);
	if (ret)
		return ret; /* BUG: vfio-open-contract */
	return 0;
}

static void openkeeps_close_device(struct vfio_device *vdev)
{
	struct openkeeps *ok = container_of(vdev, struct openkeeps, vdev);

	kfree(ok->log);
	ok->log = NULL;
}

static const struct vfio_device_ops openkeeps_ops = {
	.name = "openkeeps",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.open_device = openkeeps_open_device,
	.close_device = openkeeps_close_device,
	.read = openkeeps_read,
	.write = openkeeps_write,
	.ioctl = openkeeps_ioctl,
};

static int openkeeps_probe(struct mdev_device *mdev)
{
	struct openkeeps *ok;
	int ret;

	ok = vfio_alloc_device(openkeeps, vdev, &mdev->dev, &openkeeps_ops);
	if (IS_ERR(ok))
		return PTR_ERR(ok);

	ret = vfio_register_emulated_iommu_dev(&ok->vdev);
	if (ret) {
		vfio_put_device(&ok->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ok);
	return 0;
}

static void openkeeps_remove(struct mdev_device *mdev)
{
	struct openkeeps *ok = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ok->vdev);
	vfio_put_device(&ok->vdev);
}

static struct mdev_driver openkeeps_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = openkeeps_probe,
	.remove = openkeeps_remove,
	.driver = {
		.name = "openkeeps",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type openkeeps_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *openkeeps_types[] = { &openkeeps_type };

static int __init openkeeps_init(void)
{
	int ret;

	ret = mdev_register_driver(&openkeeps_driver);
	if (ret)
		return ret;

	openkeeps_box = platform_device_register_simple("openkeeps", -1, NULL,
							0);
	if (IS_ERR(openkeeps_box)) {
		ret = PTR_ERR(openkeeps_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&openkeeps_parent, &openkeeps_box->dev,
				   &openkeeps_driver, openkeeps_types,
				   ARRAY_SIZE(openkeeps_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(openkeeps_box);
err_driver:
	mdev_unregister_driver(&openkeeps_driver);
	return ret;
}

static void __exit openkeeps_exit(void)
{
	mdev_unregister_parent(&openkeeps_parent);
	platform_device_unregister(openkeeps_box);
	mdev_unregister_driver(&openkeeps_driver);
}

module_init(openkeeps_init);
module_exit(openkeeps_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-open-contract)");
