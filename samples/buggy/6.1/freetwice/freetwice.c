// SPDX-License-Identifier: GPL-2.0
/*
 * freetwice - @release frees twice
 *
 * Seen: after it was open, the allocator reports an object that is freed twice.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct freetwice {
	struct vfio_device vdev;
	u8 data[64];
	bool opened;
};

static struct platform_device *freetwice_box;
static struct mdev_parent freetwice_parent;

static ssize_t freetwice_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct freetwice *ft = container_of(vdev, struct freetwice, vdev);

	return simple_read_from_buffer(buf, count, ppos, ft->data,
				       sizeof(ft->data));
}

static ssize_t freetwice_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct freetwice *ft = container_of(vdev, struct freetwice, vdev);

	return simple_write_to_buffer(ft->data, sizeof(ft->data), ppos, buf,
				      count);
}

static long freetwice_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct freetwice, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int freetwice_open_device(struct vfio_device *vdev)
{
	struct freetwice *ft = container_of(vdev, struct freetwice, vdev);

	ft->opened = true;
	return 0;
}

static void freetwice_release_dev(struct vfio_device *vdev)
{
	struct freetwice *ft = container_of(vdev, struct freetwice, vdev);

	if (ft->opened)
		vfio_free_device(vdev);
	vfio_free_device(vdev); /* BUG: vfio-release-contract */
}

static const struct vfio_device_ops freetwice_ops = {
	.name = "freetwice",
	.release = freetwice_release_dev,
	.open_device = freetwice_open_device,
	.read = freetwice_read,
	.write = freetwice_write,
	.ioctl = freetwice_ioctl,
};

static int freetwice_probe(struct mdev_device *mdev)
{
	struct freetwice *ft;
	int ret;

	ft = vfio_alloc_device(freetwice, vdev, &mdev->dev, &freetwice_ops);
	if (IS_ERR(ft))
		return PTR_ERR(ft);

	ret = vfio_register_emulated_iommu_dev(&ft->vdev);
	if (ret) {
		vfio_put_device(&ft->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ft);
	return 0;
}

static void freetwice_remove(struct mdev_device *mdev)
{
	struct freetwice *ft = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ft->vdev);
	vfio_put_device(&ft->vdev);
}

static struct mdev_driver freetwice_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = freetwice_probe,
	.remove = freetwice_remove,
	.driver = {
		.name = "freetwice",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type freetwice_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *freetwice_types[] = { &freetwice_type };

static int __init freetwice_init(void)
{
	int ret;

	ret = mdev_register_driver(&freetwice_driver);
	if (ret)
		return ret;

	freetwice_box = platform_device_register_simple("freetwice", -1, NULL,
							0);
	if (IS_ERR(freetwice_box)) {
		ret = PTR_ERR(freetwice_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&freetwice_parent, &freetwice_box->dev,
				   &freetwice_driver, freetwice_types,
				   ARRAY_SIZE(freetwice_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(freetwice_box);
err_driver:
	mdev_unregister_driver(&freetwice_driver);
	return ret;
}

static void __exit freetwice_exit(void)
{
	mdev_unregister_parent(&freetwice_parent);
	platform_device_unregister(freetwice_box);
	mdev_unregister_driver(&freetwice_driver);
}

module_init(freetwice_init);
module_exit(freetwice_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
