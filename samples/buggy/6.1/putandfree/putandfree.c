// SPDX-License-Identifier: GPL-2.0
/*
 * putandfree - kfree() after the put
 *
 * Seen: the allocator reports an object that is freed twice.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct putandfree {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *putandfree_box;
static struct mdev_parent putandfree_parent;

static ssize_t putandfree_read(struct vfio_device *vdev, char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct putandfree *pf = container_of(vdev, struct putandfree, vdev);

	return simple_read_from_buffer(buf, count, ppos, pf->data,
				       sizeof(pf->data));
}

static ssize_t putandfree_write(struct vfio_device *vdev,
				const char __user *buf, size_t count,
				loff_t *ppos)
{
	struct putandfree *pf = container_of(vdev, struct putandfree, vdev);

	return simple_write_to_buffer(pf->data, sizeof(pf->data), ppos, buf,
				      count);
}

static long putandfree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct putandfree, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops putandfree_ops = {
	.name = "putandfree",
	.release = vfio_free_device,
	.read = putandfree_read,
	.write = putandfree_write,
	.ioctl = putandfree_ioctl,
};

static int putandfree_probe(struct mdev_device *mdev)
{
	struct putandfree *pf;
	int ret;

	pf = vfio_alloc_device(putandfree, vdev, &mdev->dev, &putandfree_ops);
	if (IS_ERR(pf))
		return PTR_ERR(pf);

	ret = vfio_register_emulated_iommu_dev(&pf->vdev);
	if (ret) {
		vfio_put_device(&pf->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, pf);
	return 0;
}

static void putandfree_remove(struct mdev_device *mdev)
{
	struct putandfree *pf = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&pf->vdev);
	vfio_put_device(&pf->vdev);
	kfree(pf); /* BUG: vfio-mismatched-free */
}

static struct mdev_driver putandfree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = putandfree_probe,
	.remove = putandfree_remove,
	.driver = {
		.name = "putandfree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type putandfree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *putandfree_types[] = { &putandfree_type };

static int __init putandfree_init(void)
{
	int ret;

	ret = mdev_register_driver(&putandfree_driver);
	if (ret)
		return ret;

	putandfree_box = platform_device_register_simple("putandfree", -1, NULL,
							 0);
	if (IS_ERR(putandfree_box)) {
		ret = PTR_ERR(putandfree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&putandfree_parent, &putandfree_box->dev,
				   &putandfree_driver, putandfree_types,
				   ARRAY_SIZE(putandfree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(putandfree_box);
err_driver:
	mdev_unregister_driver(&putandfree_driver);
	return ret;
}

static void __exit putandfree_exit(void)
{
	mdev_unregister_parent(&putandfree_parent);
	platform_device_unregister(putandfree_box);
	mdev_unregister_driver(&putandfree_driver);
}

module_init(putandfree_init);
module_exit(putandfree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-mismatched-free)");
