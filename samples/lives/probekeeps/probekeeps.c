// SPDX-License-Identifier: GPL-2.0
/*
 * probekeeps - a probe that fails keeps what it took besides the device
 *
 * Seen: kmemleak finds a log after each probe whose registration failed.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct probekeeps {
	struct vfio_device vdev;
	u8 *log;
	u8 data[64];
};

static struct platform_device *probekeeps_box;
static struct mdev_parent probekeeps_parent;

static ssize_t probekeeps_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct probekeeps *pk = container_of(vdev, struct probekeeps, vdev);

	return simple_read_from_buffer(buf, count, ppos, pk->data,
				       sizeof(pk->data));
}

static ssize_t probekeeps_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct probekeeps *pk = container_of(vdev, struct probekeeps, vdev);

	return simple_write_to_buffer(pk->data, sizeof(pk->data), ppos, buf,
				      count);
}

static long probekeeps_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct probekeeps, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops probekeeps_ops = {
	.name = "probekeeps",
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	.read = probekeeps_read,
	.write = probekeeps_write,
	.ioctl = probekeeps_ioctl,
};

static int probekeeps_probe(struct mdev_device *mdev)
{
	struct probekeeps *pk;
	int ret;

	pk = vfio_alloc_device(probekeeps, vdev, &mdev->dev, &probekeeps_ops);
	if (IS_ERR(pk))
		return PTR_ERR(pk);

	pk->log = kzalloc(1024, GFP_KERNEL);
	if (!pk->log) {
		ret = -ENOMEM;
		goto err_put;
	}

	ret = vfio_register_emulated_iommu_dev(&pk->vdev);
	if (ret)
		goto err_put;
	dev_set_drvdata(&mdev->dev, pk);
	return 0;

err_put:
	vfio_put_device(&pk->vdev);
	return ret; /* BUG: vfio-probe-contract */
}

static void probekeeps_remove(struct mdev_device *mdev)
{
	struct probekeeps *pk = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&pk->vdev);
	kfree(pk->log);
	vfio_put_device(&pk->vdev);
}

static struct mdev_driver probekeeps_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = probekeeps_probe,
	.remove = probekeeps_remove,
	.driver = {
		.name = "probekeeps",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type probekeeps_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *probekeeps_types[] = { &probekeeps_type };

static int __init probekeeps_init(void)
{
	int ret;

	ret = mdev_register_driver(&probekeeps_driver);
	if (ret)
		return ret;

	probekeeps_box = platform_device_register_simple("probekeeps", -1, NULL,
							0);
	if (IS_ERR(probekeeps_box)) {
		ret = PTR_ERR(probekeeps_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&probekeeps_parent, &probekeeps_box->dev,
				   &probekeeps_driver, probekeeps_types,
				   ARRAY_SIZE(probekeeps_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(probekeeps_box);
err_driver:
	mdev_unregister_driver(&probekeeps_driver);
	return ret;
}

static void __exit probekeeps_exit(void)
{
	mdev_unregister_parent(&probekeeps_parent);
	platform_device_unregister(probekeeps_box);
	mdev_unregister_driver(&probekeeps_driver);
}

module_init(probekeeps_init);
module_exit(probekeeps_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-probe-contract)");
