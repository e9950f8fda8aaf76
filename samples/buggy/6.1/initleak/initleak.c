// SPDX-License-Identifier: GPL-2.0
/*
 * initleak - @init leaks when its second step fails
 *
 * Seen: with broken=1 each attempt to make a device leaves a buffer behind.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct initleak {
	struct vfio_device vdev;
	u8 *data;
};

static bool initleak_broken;
module_param_named(broken, initleak_broken, bool, 0644);
MODULE_PARM_DESC(broken, "let the set-up of the next device fail");

static struct platform_device *initleak_box;
static struct mdev_parent initleak_parent;

static ssize_t initleak_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct initleak *il = container_of(vdev, struct initleak, vdev);

	return simple_read_from_buffer(buf, count, ppos, il->data, PAGE_SIZE);
}

static ssize_t initleak_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct initleak *il = container_of(vdev, struct initleak, vdev);

	return simple_write_to_buffer(il->data, PAGE_SIZE, ppos, buf, count);
}

static long initleak_ioctl(struct vfio_device *vdev, unsigned int cmd,
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

static int initleak_init_dev(struct vfio_device *vdev)
{
	struct initleak *il = container_of(vdev, struct initleak, vdev);

	il->data = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!il->data)
		return -ENOMEM;

	if (initleak_broken)
		return -EIO; /* BUG: vfio-init-contract */
	return 0;
}

static void initleak_release_dev(struct vfio_device *vdev)
{
	struct initleak *il = container_of(vdev, struct initleak, vdev);

	kfree(il->data);
	vfio_free_device(vdev);
}

static const struct vfio_device_ops initleak_ops = {
	.name = "initleak",
	.init = initleak_init_dev,
	.release = initleak_release_dev,
	.read = initleak_read,
	.write = initleak_write,
	.ioctl = initleak_ioctl,
};

static int initleak_probe(struct mdev_device *mdev)
{
	struct initleak *il;
	int ret;

	il = vfio_alloc_device(initleak, vdev, &mdev->dev, &initleak_ops);
	if (IS_ERR(il))
		return PTR_ERR(il);

	ret = vfio_register_emulated_iommu_dev(&il->vdev);
	if (ret) {
		vfio_put_device(&il->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, il);
	return 0;
}

static void initleak_remove(struct mdev_device *mdev)
{
	struct initleak *il = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&il->vdev);
	vfio_put_device(&il->vdev);
}

static struct mdev_driver initleak_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = initleak_probe,
	.remove = initleak_remove,
	.driver = {
		.name = "initleak",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type initleak_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *initleak_types[] = { &initleak_type };

static int __init initleak_init(void)
{
	int ret;

	ret = mdev_register_driver(&initleak_driver);
	if (ret)
		return ret;

	initleak_box = platform_device_register_simple("initleak", -1, NULL, 0);
	if (IS_ERR(initleak_box)) {
		ret = PTR_ERR(initleak_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&initleak_parent, &initleak_box->dev,
				   &initleak_driver, initleak_types,
				   ARRAY_SIZE(initleak_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(initleak_box);
err_driver:
	mdev_unregister_driver(&initleak_driver);
	return ret;
}

static void __exit initleak_exit(void)
{
	mdev_unregister_parent(&initleak_parent);
	platform_device_unregister(initleak_box);
	mdev_unregister_driver(&initleak_driver);
}

module_init(initleak_init);
module_exit(initleak_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-init-contract)");
