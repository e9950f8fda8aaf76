// SPDX-License-Identifier: GPL-2.0
/*
 * afterfree - @release uses the structure after the free
 *
 * Seen: kfree() is given a pointer that is poison.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct afterfree {
	struct vfio_device vdev;
	u8 *data;
};

static struct platform_device *afterfree_box;
static struct mdev_parent afterfree_parent;

static ssize_t afterfree_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct afterfree *af = container_of(vdev, struct afterfree, vdev);

	return simple_read_from_buffer(buf, count, ppos, af->data, PAGE_SIZE);
}

static ssize_t afterfree_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct afterfree *af = container_of(vdev, struct afterfree, vdev);

	return simple_write_to_buffer(af->data, PAGE_SIZE, ppos, buf, count);
}

static long afterfree_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = PAGE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static int afterfree_init_dev(struct vfio_device *vdev)
{
	struct afterfree *af = container_of(vdev, struct afterfree, vdev);

	af->data = kzalloc(PAGE_SIZE, GFP_KERNEL);
	return af->data ? 0 : -ENOMEM;
}

static void afterfree_release_dev(struct vfio_device *vdev)
{
	struct afterfree *af = container_of(vdev, struct afterfree, vdev);

	vfio_free_device(vdev);
	kfree(af->data); /* BUG: vfio-release-contract */
}

static const struct vfio_device_ops afterfree_ops = {
	.name = "afterfree",
	.init = afterfree_init_dev,
	.release = afterfree_release_dev,
	.read = afterfree_read,
	.write = afterfree_write,
	.ioctl = afterfree_ioctl,
};

static int afterfree_probe(struct mdev_device *mdev)
{
	struct afterfree *af;
	int ret;

	af = vfio_alloc_device(afterfree, vdev, &mdev->dev, &afterfree_ops);
	if (IS_ERR(af))
		return PTR_ERR(af);

	ret = vfio_register_emulated_iommu_dev(&af->vdev);
	if (ret) {
		vfio_put_device(&af->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, af);
	return 0;
}

static void afterfree_remove(struct mdev_device *mdev)
{
	struct afterfree *af = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&af->vdev);
	vfio_put_device(&af->vdev);
}

static struct mdev_driver afterfree_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = afterfree_probe,
	.remove = afterfree_remove,
	.driver = {
		.name = "afterfree",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type afterfree_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *afterfree_types[] = { &afterfree_type };

static int __init afterfree_init(void)
{
	int ret;

	ret = mdev_register_driver(&afterfree_driver);
	if (ret)
		return ret;

	afterfree_box = platform_device_register_simple("afterfree", -1, NULL,
							0);
	if (IS_ERR(afterfree_box)) {
		ret = PTR_ERR(afterfree_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&afterfree_parent, &afterfree_box->dev,
				   &afterfree_driver, afterfree_types,
				   ARRAY_SIZE(afterfree_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(afterfree_box);
err_driver:
	mdev_unregister_driver(&afterfree_driver);
	return ret;
}

static void __exit afterfree_exit(void)
{
	mdev_unregister_parent(&afterfree_parent);
	platform_device_unregister(afterfree_box);
	mdev_unregister_driver(&afterfree_driver);
}

module_init(afterfree_init);
module_exit(afterfree_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-release-contract)");
