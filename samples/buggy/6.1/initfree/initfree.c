// SPDX-License-Identifier: GPL-2.0
/*
 * initfree - @init frees the structure when it fails
 *
 * Seen: with broken=1 the allocator reports an object that is freed twice.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct initfree {
	struct vfio_device vdev;
	u8 data[64];
};

static bool initfree_broken;
module_param_named(broken, initfree_broken, bool, 0644);
MODULE_PARM_DESC(broken, "let the set-up of the next device fail");

static struct platform_device *initfree_box;
static struct mdev_parent initfree_parent;

static ssize_t initfree_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct initfree *fi = container_of(vdev, struct initfree, vdev);

	return simple_read_from_buffer(buf, count, ppos, fi->data,
				       sizeof(fi->data));
}

static ssize_t initfree_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct initfree *fi = container_of(vdev, struct initfree, vdev);

	return simple_write_to_buffer(fi->data, sizeof(fi->data), ppos, buf,
				      count);
}

static long initfree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct initfree, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int initfree_init_dev(struct vfio_device *vdev)
{
	if (initfree_broken) {
		vfio_free_device(vdev); /* BUG: vfio-init-contract */
		return -EIO;
	}
	return 0;
}

static const struct vfio_device_ops initfree_ops = {
	.name = "initfree",
	.init = initfree_init_dev,
	.release = vfio_free_device,
	.read = initfree_read,
	.write = initfree_write,
	.ioctl = initfree_ioctl,
};

static int initfree_probe(struct mdev_device *mdev)
{
	struct initfree *fi;
	int ret;

	fi = vfio_alloc_device(initfree, vdev, &mdev->dev, &initfree_ops);
	if (IS_ERR(fi))
		return PTR_ERR(fi);

	ret = vfio_register_emulated_iommu_dev(&fi->vdev);
	if (ret) {
		vfio_put_device(&fi->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, fi);
	return 0;
}

static void initfree_remove(struct mdev_device *mdev)
{
	struct initfree *fi = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&fi->vdev);
	vfio_put_device(&fi->vdev);
}

static struct mdev_driver initfree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = initfree_probe,
	.remove = initfree_remove,
	.driver = {
		.name = "initfree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type initfree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *initfree_types[] = { &initfree_type };

static int __init initfree_init(void)
{
	int ret;

	ret = mdev_register_driver(&initfree_driver);
	if (ret)
		return ret;

	initfree_box = platform_device_register_simple("initfree", -1, NULL, 0);
	if (IS_ERR(initfree_box)) {
		ret = PTR_ERR(initfree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&initfree_parent, &initfree_box->dev,
				   &initfree_driver, initfree_types,
				   ARRAY_SIZE(initfree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(initfree_box);
err_driver:
	mdev_unregister_driver(&initfree_driver);
	return ret;
}

static void __exit initfree_exit(void)
{
	mdev_unregister_parent(&initfree_parent);
	platform_device_unregister(initfree_box);
	mdev_unregister_driver(&initfree_driver);
}

module_init(initfree_init);
module_exit(initfree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-init-contract)");
