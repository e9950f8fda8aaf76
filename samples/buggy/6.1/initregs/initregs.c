// SPDX-License-Identifier: GPL-2.0
/*
 * initregs - @init registers the device
 *
 * Seen: with broken=1, where @init registers, the core is given a device that
 * it has not set up yet.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct initregs {
	struct vfio_device vdev;
	u8 data[64];
};

static bool initregs_broken;
module_param_named(broken, initregs_broken, bool, 0644);
MODULE_PARM_DESC(broken, "register the next device in its set-up");

static struct platform_device *initregs_box;
static struct mdev_parent initregs_parent;

static ssize_t initregs_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct initregs *ir = container_of(vdev, struct initregs, vdev);

	return simple_read_from_buffer(buf, count, ppos, ir->data,
				       sizeof(ir->data));
}

static ssize_t initregs_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct initregs *ir = container_of(vdev, struct initregs, vdev);

	return simple_write_to_buffer(ir->data, sizeof(ir->data), ppos, buf,
				      count);
}

static long initregs_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct initregs, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int initregs_init_dev(struct vfio_device *vdev)
{
	if (initregs_broken)
		return vfio_register_emulated_iommu_dev(vdev); /* BUG: vfio-init-contract */
	return 0;
}

static const struct vfio_device_ops initregs_ops = {
	.name = "initregs",
	.init = initregs_init_dev,
	.release = vfio_free_device,
	.read = initregs_read,
	.write = initregs_write,
	.ioctl = initregs_ioctl,
};

static int initregs_probe(struct mdev_device *mdev)
{
	struct initregs *ir;
	int ret;

	ir = vfio_alloc_device(initregs, vdev, &mdev->dev, &initregs_ops);
	if (IS_ERR(ir))
		return PTR_ERR(ir);

	ret = vfio_register_emulated_iommu_dev(&ir->vdev);
	if (ret) {
		vfio_put_device(&ir->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, ir);
	return 0;
}

static void initregs_remove(struct mdev_device *mdev)
{
	struct initregs *ir = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ir->vdev);
	vfio_put_device(&ir->vdev);
}

static struct mdev_driver initregs_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = initregs_probe,
	.remove = initregs_remove,
	.driver = {
		.name = "initregs",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type initregs_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *initregs_types[] = { &initregs_type };

static int __init initregs_init(void)
{
	int ret;

	ret = mdev_register_driver(&initregs_driver);
	if (ret)
		return ret;

	initregs_box = platform_device_register_simple("initregs", -1, NULL, 0);
	if (IS_ERR(initregs_box)) {
		ret = PTR_ERR(initregs_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&initregs_parent, &initregs_box->dev,
				   &initregs_driver, initregs_types,
				   ARRAY_SIZE(initregs_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(initregs_box);
err_driver:
	mdev_unregister_driver(&initregs_driver);
	return ret;
}

static void __exit initregs_exit(void)
{
	mdev_unregister_parent(&initregs_parent);
	platform_device_unregister(initregs_box);
	mdev_unregister_driver(&initregs_driver);
}

module_init(initregs_init);
module_exit(initregs_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-init-contract)");
