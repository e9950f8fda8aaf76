// SPDX-License-Identifier: GPL-2.0
/*
 * closefrees - close frees what release frees again
 *
 * Seen: KASAN reports a double free.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct closefrees {
	struct vfio_device vdev;
	u8 *log;
	u8 data[64];
};

static struct platform_device *closefrees_box;
static struct mdev_parent closefrees_parent;

static ssize_t closefrees_read(struct vfio_device *vdev, char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct closefrees *cf = container_of(vdev, struct closefrees, vdev);

	return simple_read_from_buffer(buf, count, ppos, cf->data,
				       sizeof(cf->data));
}

static ssize_t closefrees_write(struct vfio_device *vdev, const char __user *buf,
				size_t count, loff_t *ppos)
{
	struct closefrees *cf = container_of(vdev, struct closefrees, vdev);

	return simple_write_to_buffer(cf->data, sizeof(cf->data), ppos, buf,
				      count);
}

static long closefrees_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct closefrees, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int closefrees_open_device(struct vfio_device *vdev)
{
	struct closefrees *cf = container_of(vdev, struct closefrees, vdev);

	cf->log = kzalloc(1024, GFP_KERNEL);
	return cf->log ? 0 : -ENOMEM;
}

static void closefrees_close_device(struct vfio_device *vdev)
{
	struct closefrees *cf = container_of(vdev, struct closefrees, vdev);

	kfree(cf->log); /* BUG: vfio-given-twice */
}

static void closefrees_release_dev(struct vfio_device *vdev)
{
	struct closefrees *cf = container_of(vdev, struct closefrees, vdev);

	kfree(cf->log);
}

static const struct vfio_device_ops closefrees_ops = {
	.name = "closefrees",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.release = closefrees_release_dev,
	.open_device = closefrees_open_device,
	.close_device = closefrees_close_device,
	.read = closefrees_read,
	.write = closefrees_write,
	.ioctl = closefrees_ioctl,
};

static int closefrees_probe(struct mdev_device *mdev)
{
	struct closefrees *cf;
	int ret;

	cf = vfio_alloc_device(closefrees, vdev, &mdev->dev, &closefrees_ops);
	if (IS_ERR(cf))
		return PTR_ERR(cf);

	ret = vfio_register_emulated_iommu_dev(&cf->vdev);
	if (ret) {
		vfio_put_device(&cf->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, cf);
	return 0;
}

static void closefrees_remove(struct mdev_device *mdev)
{
	struct closefrees *cf = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&cf->vdev);
	vfio_put_device(&cf->vdev);
}

static struct mdev_driver closefrees_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = closefrees_probe,
	.remove = closefrees_remove,
	.driver = {
		.name = "closefrees",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type closefrees_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *closefrees_types[] = { &closefrees_type };

static int __init closefrees_init(void)
{
	int ret;

	ret = mdev_register_driver(&closefrees_driver);
	if (ret)
		return ret;

	closefrees_box = platform_device_register_simple("closefrees", -1, NULL,
							0);
	if (IS_ERR(closefrees_box)) {
		ret = PTR_ERR(closefrees_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&closefrees_parent, &closefrees_box->dev,
				   &closefrees_driver, closefrees_types,
				   ARRAY_SIZE(closefrees_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(closefrees_box);
err_driver:
	mdev_unregister_driver(&closefrees_driver);
	return ret;
}

static void __exit closefrees_exit(void)
{
	mdev_unregister_parent(&closefrees_parent);
	platform_device_unregister(closefrees_box);
	mdev_unregister_driver(&closefrees_driver);
}

module_init(closefrees_init);
module_exit(closefrees_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-given-twice)");
