// SPDX-License-Identifier: GPL-2.0
/*
 * backsout - unregisters what was not registered
 *
 * Seen: when the registration fails, the unwinding starts one step too early
 * and the kernel stops there.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct backsout {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *backsout_box;
static struct mdev_parent backsout_parent;

static ssize_t backsout_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct backsout *bo = container_of(vdev, struct backsout, vdev);

	return simple_read_from_buffer(buf, count, ppos, bo->data,
				       sizeof(bo->data));
}

static ssize_t backsout_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct backsout *bo = container_of(vdev, struct backsout, vdev);

	return simple_write_to_buffer(bo->data, sizeof(bo->data), ppos, buf,
				      count);
}

static long backsout_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct backsout, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops backsout_ops = {
	.name = "backsout",
	.release = vfio_free_device,
	.read = backsout_read,
	.write = backsout_write,
	.ioctl = backsout_ioctl,
};

static int backsout_probe(struct mdev_device *mdev)
{
	struct backsout *bo;
	int ret;

	bo = vfio_alloc_device(backsout, vdev, &mdev->dev, &backsout_ops);
	if (IS_ERR(bo))
		return PTR_ERR(bo);

	ret = vfio_register_emulated_iommu_dev(&bo->vdev);
	if (ret)
		goto err_unregister;
	dev_set_drvdata(&mdev->dev, bo);
	return 0;

err_unregister:
	vfio_unregister_group_dev(&bo->vdev); /* BUG: vfio-lifecycle */
	vfio_put_device(&bo->vdev);
	return ret;
}

static void backsout_remove(struct mdev_device *mdev)
{
	struct backsout *bo = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&bo->vdev);
	vfio_put_device(&bo->vdev);
}

static struct mdev_driver backsout_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = backsout_probe,
	.remove = backsout_remove,
	.driver = {
		.name = "backsout",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type backsout_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *backsout_types[] = { &backsout_type };

static int __init backsout_init(void)
{
	int ret;

	ret = mdev_register_driver(&backsout_driver);
	if (ret)
		return ret;

	backsout_box = platform_device_register_simple("backsout", -1, NULL, 0);
	if (IS_ERR(backsout_box)) {
		ret = PTR_ERR(backsout_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&backsout_parent, &backsout_box->dev,
				   &backsout_driver, backsout_types,
				   ARRAY_SIZE(backsout_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(backsout_box);
err_driver:
	mdev_unregister_driver(&backsout_driver);
	return ret;
}

static void __exit backsout_exit(void)
{
	mdev_unregister_parent(&backsout_parent);
	platform_device_unregister(backsout_box);
	mdev_unregister_driver(&backsout_driver);
}

module_init(backsout_init);
module_exit(backsout_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-lifecycle)");
