// SPDX-License-Identifier: GPL-2.0
/*
 * pebble - a vfio_device and nothing else
 *
 * Idiom: a bare struct vfio_device is allocated alone; what it shows to user
 * space belongs to the module, not to the device.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define PEBBLE_SIZE	256

static DEFINE_MUTEX(pebble_lock);	/* pebble_beach and pebble_count */
static u8 pebble_beach[PEBBLE_SIZE];
static unsigned int pebble_count;
module_param_named(count, pebble_count, uint, 0444);
MODULE_PARM_DESC(count, "number of pebbles on the beach");

static struct platform_device *pebble_shore;
static struct mdev_parent pebble_parent;

static ssize_t pebble_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	ssize_t ret;

	mutex_lock(&pebble_lock);
	ret = simple_read_from_buffer(buf, count, ppos, pebble_beach,
				      PEBBLE_SIZE);
	mutex_unlock(&pebble_lock);
	return ret;
}

static ssize_t pebble_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	ssize_t ret;

	mutex_lock(&pebble_lock);
	ret = simple_write_to_buffer(pebble_beach, PEBBLE_SIZE, ppos, buf,
				     count);
	mutex_unlock(&pebble_lock);
	return ret;
}

static long pebble_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = PEBBLE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops pebble_ops = {
	.name = "pebble",
	.read = pebble_read,
	.write = pebble_write,
	.ioctl = pebble_ioctl,
};

static int pebble_probe(struct mdev_device *mdev)
{
	struct vfio_device *vdev;
	int ret;

	vdev = kzalloc(sizeof(*vdev), GFP_KERNEL);
	if (!vdev)
		return -ENOMEM;

	vfio_init_group_dev(vdev, &mdev->dev, &pebble_ops);
	ret = vfio_register_emulated_iommu_dev(vdev);
	if (ret)
		goto err_free;

	mutex_lock(&pebble_lock);
	pebble_count++;
	mutex_unlock(&pebble_lock);
	dev_set_drvdata(&mdev->dev, vdev);
	return 0;

err_free:
	vfio_uninit_group_dev(vdev);
	kfree(vdev);
	return ret;
}

static void pebble_remove(struct mdev_device *mdev)
{
	struct vfio_device *vdev = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(vdev);
	mutex_lock(&pebble_lock);
	pebble_count--;
	mutex_unlock(&pebble_lock);
	vfio_uninit_group_dev(vdev);
	kfree(vdev);
}

static struct mdev_driver pebble_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = pebble_probe,
	.remove = pebble_remove,
	.driver = {
		.name = "pebble",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type pebble_type = {
	.sysfs_name = "stone",
	.pretty_name = "A stone",
};

static struct mdev_type *pebble_types[] = { &pebble_type };

static int __init pebble_init(void)
{
	int ret;

	ret = mdev_register_driver(&pebble_driver);
	if (ret)
		return ret;

	pebble_shore = platform_device_register_simple("pebble", -1, NULL, 0);
	if (IS_ERR(pebble_shore)) {
		ret = PTR_ERR(pebble_shore);
		goto err_driver;
	}

	ret = mdev_register_parent(&pebble_parent, &pebble_shore->dev,
				   &pebble_driver, pebble_types,
				   ARRAY_SIZE(pebble_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(pebble_shore);
err_driver:
	mdev_unregister_driver(&pebble_driver);
	return ret;
}

static void __exit pebble_exit(void)
{
	mdev_unregister_parent(&pebble_parent);
	platform_device_unregister(pebble_shore);
	mdev_unregister_driver(&pebble_driver);
}

module_init(pebble_init);
module_exit(pebble_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a bare vfio_device");
