// SPDX-License-Identifier: GPL-2.0
/*
 * handmade - a structure of its own, given to the new model
 *
 * Not seen: kzalloc() and what the core uses happen to go together, today.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct handmade {
	struct vfio_device vdev;
	u8 data[64];
};

static struct platform_device *handmade_box;
static struct mdev_parent handmade_parent;

static ssize_t handmade_read(struct vfio_device *vdev, char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct handmade *hm = container_of(vdev, struct handmade, vdev);

	return simple_read_from_buffer(buf, count, ppos, hm->data,
				       sizeof(hm->data));
}

static ssize_t handmade_write(struct vfio_device *vdev, const char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct handmade *hm = container_of(vdev, struct handmade, vdev);

	return simple_write_to_buffer(hm->data, sizeof(hm->data), ppos, buf,
				      count);
}

static long handmade_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct handmade, data);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops handmade_ops = {
	.name = "handmade",
	.release = vfio_free_device,
	.read = handmade_read,
	.write = handmade_write,
	.ioctl = handmade_ioctl,
};

static int handmade_probe(struct mdev_device *mdev)
{
	struct handmade *hm;
	int ret;

	hm = kzalloc(sizeof(*hm), GFP_KERNEL);
	if (!hm)
		return -ENOMEM;

	ret = vfio_init_device(&hm->vdev, &mdev->dev, &handmade_ops); /* BUG: vfio-init-device */
	if (ret) {
		kfree(hm);
		return ret;
	}

	ret = vfio_register_emulated_iommu_dev(&hm->vdev);
	if (ret) {
		vfio_put_device(&hm->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, hm);
	return 0;
}

static void handmade_remove(struct mdev_device *mdev)
{
	struct handmade *hm = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&hm->vdev);
	vfio_put_device(&hm->vdev);
}

static struct mdev_driver handmade_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = handmade_probe,
	.remove = handmade_remove,
	.driver = {
		.name = "handmade",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type handmade_type = {
	.sysfs_name = "one",
	.pretty_name = "One of them",
};

static struct mdev_type *handmade_types[] = { &handmade_type };

static int __init handmade_init(void)
{
	int ret;

	ret = mdev_register_driver(&handmade_driver);
	if (ret)
		return ret;

	handmade_box = platform_device_register_simple("handmade", -1, NULL, 0);
	if (IS_ERR(handmade_box)) {
		ret = PTR_ERR(handmade_box);
		goto err_driver;
	}

	ret = mdev_register_parent(&handmade_parent, &handmade_box->dev,
				   &handmade_driver, handmade_types,
				   ARRAY_SIZE(handmade_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(handmade_box);
err_driver:
	mdev_unregister_driver(&handmade_driver);
	return ret;
}

static void __exit handmade_exit(void)
{
	mdev_unregister_parent(&handmade_parent);
	platform_device_unregister(handmade_box);
	mdev_unregister_driver(&handmade_driver);
}

module_init(handmade_init);
module_exit(handmade_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bug on purpose (vfio-init-device)");
