// SPDX-License-Identifier: GPL-2.0
/*
 * stillfree - @release frees what the core frees
 *
 * Seen: the allocator reports an object that is freed twice.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct stillfree {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *stillfree_box;
static struct mdev_parent stillfree_parent;

static ssize_t stillfree_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct stillfree *sf = container_of(vdev, struct stillfree, vdev);

	return simple_read_from_buffer(buf, count, ppos, sf->data,
				       sizeof(sf->data));
}

static ssize_t stillfree_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct stillfree *sf = container_of(vdev, struct stillfree, vdev);

	return simple_write_to_buffer(sf->data, sizeof(sf->data), ppos, buf,
				      count);
}

static long stillfree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct stillfree, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static void stillfree_release_dev(struct vfio_device *vdev)
{
	struct stillfree *sf = container_of(vdev, struct stillfree, vdev);

	kvfree(sf); /* BUG: vfio-release-contract */
}

static const struct vfio_device_ops stillfree_ops = {
	.name = "stillfree",
	.release = stillfree_release_dev,
	.read = stillfree_read,
	.write = stillfree_write,
	.ioctl = stillfree_ioctl,
};

static int stillfree_probe(struct mdev_device *mdev)
{
	struct stillfree *sf;
	int ret;

	sf = vfio_alloc_device(stillfree, vdev, &mdev->dev, &stillfree_ops);
	if (IS_ERR(sf))
		return PTR_ERR(sf);

	ret = vfio_register_emulated_iommu_dev(&sf->vdev);
	if (ret) {
		vfio_put_device(&sf->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, sf);
	return 0;
}

static void stillfree_remove(struct mdev_device *mdev)
{
	struct stillfree *sf = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&sf->vdev);
	vfio_put_device(&sf->vdev);
}

static struct mdev_driver stillfree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = stillfree_probe,
	.remove = stillfree_remove,
	.driver = {
		.name = "stillfree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type stillfree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *stillfree_types[] = { &stillfree_type };

static int __init stillfree_init(void)
{
	int ret;

	ret = mdev_register_driver(&stillfree_driver);
	if (ret)
		return ret;

	stillfree_box = platform_device_register_simple("stillfree", -1, NULL,
							0);
	if (IS_ERR(stillfree_box)) {
		ret = PTR_ERR(stillfree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&stillfree_parent, &stillfree_box->dev,
				   &stillfree_driver, stillfree_types,
				   ARRAY_SIZE(stillfree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(stillfree_box);
err_driver:
	mdev_unregister_driver(&stillfree_driver);
	return ret;
}

static void __exit stillfree_exit(void)
{
	mdev_unregister_parent(&stillfree_parent);
	platform_device_unregister(stillfree_box);
	mdev_unregister_driver(&stillfree_driver);
}

module_init(stillfree_init);
module_exit(stillfree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
