// SPDX-License-Identifier: GPL-2.0
/*
 * initputs - @init puts the structure when it fails
 *
 * Seen: with broken=1 the kernel warns of a put of what has no reference yet.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct initputs {
	struct vfio_device vdev;
	u8 data[64];
};

static bool initputs_broken;
module_param_named(broken, initputs_broken, bool, 0644);
MODULE_PARM_DESC(broken, "let the set-up of the next device fail");

static struct platform_device *initputs_box;
static struct mdev_parent initputs_parent;

static ssize_t initputs_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct initputs *ip = container_of(vdev, struct initputs, vdev);

	return simple_read_from_buffer(buf, count, ppos, ip->data,
				       sizeof(ip->data));
}

static ssize_t initputs_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct initputs *ip = container_of(vdev, struct initputs, vdev);

	return simple_write_to_buffer(ip->data, sizeof(ip->data), ppos, buf,
				      count);
}

static long initputs_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct initputs, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int initputs_init_dev(struct vfio_device *vdev)
{
	if (initputs_broken) {
		vfio_put_device(vdev); /* BUG: vfio-init-contract */
		return -EIO;
	}
	return 0;
}

static const struct vfio_device_ops initputs_ops = {
	.name = "initputs",
	.init = initputs_init_dev,
	.release = vfio_free_device,
	.read = initputs_read,
	.write = initputs_write,
	.ioctl = initputs_ioctl,
};

static int initputs_probe(struct mdev_device *mdev)
{
	struct initputs *ip;
	int ret;

	ip = vfio_alloc_device(initputs, vdev, &mdev->dev, &initputs_ops);
	if (IS_ERR(ip))
		return PTR_ERR(ip);

	ret = vfio_register_emulated_iommu_dev(&ip->vdev);
	if (ret) {
		vfio_put_device(&ip->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ip);
	return 0;
}

static void initputs_remove(struct mdev_device *mdev)
{
	struct initputs *ip = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ip->vdev);
	vfio_put_device(&ip->vdev);
}

static struct mdev_driver initputs_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = initputs_probe,
	.remove = initputs_remove,
	.driver = {
		.name = "initputs",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type initputs_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *initputs_types[] = { &initputs_type };

static int __init initputs_init(void)
{
	int ret;

	ret = mdev_register_driver(&initputs_driver);
	if (ret)
		return ret;

	initputs_box = platform_device_register_simple("initputs", -1, NULL, 0);
	if (IS_ERR(initputs_box)) {
		ret = PTR_ERR(initputs_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&initputs_parent, &initputs_box->dev,
				   &initputs_driver, initputs_types,
				   ARRAY_SIZE(initputs_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(initputs_box);
err_driver:
	mdev_unregister_driver(&initputs_driver);
	return ret;
}

static void __exit initputs_exit(void)
{
	mdev_unregister_parent(&initputs_parent);
	platform_device_unregister(initputs_box);
	mdev_unregister_driver(&initputs_driver);
}

module_init(initputs_init);
module_exit(initputs_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-init-contract)");
