// SPDX-License-Identifier: GPL-2.0
/*
 * rawput - puts the core's struct device itself
 *
 * Not seen: it is what vfio_put_device() does in this kernel, and in no earlier
 * one.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct rawput {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *rawput_box;
static struct mdev_parent rawput_parent;

static ssize_t rawput_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct rawput *rp = container_of(vdev, struct rawput, vdev);

	return simple_read_from_buffer(buf, count, ppos, rp->data,
				       sizeof(rp->data));
}

static ssize_t rawput_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct rawput *rp = container_of(vdev, struct rawput, vdev);

	return simple_write_to_buffer(rp->data, sizeof(rp->data), ppos, buf,
				      count);
}

static long rawput_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct rawput, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops rawput_ops = {
	.name = "rawput",
	.release = vfio_free_device,
	.read = rawput_read,
	.write = rawput_write,
	.ioctl = rawput_ioctl,
};

static int rawput_probe(struct mdev_device *mdev)
{
	struct rawput *rp;
	int ret;

	rp = vfio_alloc_device(rawput, vdev, &mdev->dev, &rawput_ops);
	if (IS_ERR(rp))
		return PTR_ERR(rp);

	ret = vfio_register_emulated_iommu_dev(&rp->vdev);
	if (ret) {
		vfio_put_device(&rp->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, rp);
	return 0;
}

static void rawput_remove(struct mdev_device *mdev)
{
	struct rawput *rp = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&rp->vdev);
	put_device(&rp->vdev.device); /* BUG: vfio-private-member */
}

static struct mdev_driver rawput_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = rawput_probe,
	.remove = rawput_remove,
	.driver = {
		.name = "rawput",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type rawput_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *rawput_types[] = { &rawput_type };

static int __init rawput_init(void)
{
	int ret;

	ret = mdev_register_driver(&rawput_driver);
	if (ret)
		return ret;

	rawput_box = platform_device_register_simple("rawput", -1, NULL, 0);
	if (IS_ERR(rawput_box)) {
		ret = PTR_ERR(rawput_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&rawput_parent, &rawput_box->dev,
				   &rawput_driver, rawput_types,
				   ARRAY_SIZE(rawput_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(rawput_box);
err_driver:
	mdev_unregister_driver(&rawput_driver);
	return ret;
}

static void __exit rawput_exit(void)
{
	mdev_unregister_parent(&rawput_parent);
	platform_device_unregister(rawput_box);
	mdev_unregister_driver(&rawput_driver);
}

module_init(rawput_init);
module_exit(rawput_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-private-member)");
