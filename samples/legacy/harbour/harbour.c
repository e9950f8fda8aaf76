// SPDX-License-Identifier: GPL-2.0
/*
 * harbour - one berth, many ships, one after another
 *
 * Idiom: the structure that holds the vfio_device belongs to the parent. It is
 * allocated when the parent appears, lives through any number of mdevs, and is
 * not freed when one of them goes.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define HARBOUR_SIZE	512

struct harbour {
	struct mdev_parent parent;
	struct mutex lock;	/* log */
	char *log;
	unsigned int ships;
	struct vfio_device vdev;
};

static struct platform_device *harbour_coast;

static ssize_t harbour_read(struct vfio_device *vdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct harbour *hb = container_of(vdev, struct harbour, vdev);
	ssize_t ret;

	mutex_lock(&hb->lock);
	ret = simple_read_from_buffer(buf, count, ppos, hb->log, HARBOUR_SIZE);
	mutex_unlock(&hb->lock);
	return ret;
}

static ssize_t harbour_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct harbour *hb = container_of(vdev, struct harbour, vdev);
	ssize_t ret;

	mutex_lock(&hb->lock);
	ret = simple_write_to_buffer(hb->log, HARBOUR_SIZE, ppos, buf, count);
	mutex_unlock(&hb->lock);
	return ret;
}

static long harbour_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = HARBOUR_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops harbour_ops = {
	.name = "harbour",
	.read = harbour_read,
	.write = harbour_write,
	.ioctl = harbour_ioctl,
};

static int harbour_probe(struct mdev_device *mdev)
{
	struct harbour *hb = container_of(mdev->type->parent, struct harbour,
					  parent);
	int ret;

	memset(&hb->vdev, 0, sizeof(hb->vdev));
	vfio_init_group_dev(&hb->vdev, &mdev->dev, &harbour_ops);

	ret = vfio_register_emulated_iommu_dev(&hb->vdev);
	if (ret)
		goto err_uninit;

	hb->ships++;
	dev_set_drvdata(&mdev->dev, hb);
	return 0;

err_uninit:
	vfio_uninit_group_dev(&hb->vdev);
	return ret;
}

static void harbour_remove(struct mdev_device *mdev)
{
	struct harbour *hb = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&hb->vdev);
	vfio_uninit_group_dev(&hb->vdev);
}

static struct mdev_driver harbour_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 1,
	.probe = harbour_probe,
	.remove = harbour_remove,
	.driver = {
		.name = "harbour",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type harbour_type = {
	.sysfs_name = "ship",
	.pretty_name = "The one ship",
};

static struct mdev_type *harbour_types[] = { &harbour_type };

static int harbour_build(struct platform_device *pdev)
{
	struct harbour *hb;
	int ret;

	hb = kzalloc(sizeof(*hb), GFP_KERNEL);
	if (!hb)
		return -ENOMEM;
	mutex_init(&hb->lock);

	hb->log = kzalloc(HARBOUR_SIZE, GFP_KERNEL);
	if (!hb->log) {
		ret = -ENOMEM;
		goto err_free;
	}

	platform_set_drvdata(pdev, hb);
	ret = mdev_register_parent(&hb->parent, &pdev->dev, &harbour_driver,
				   harbour_types, ARRAY_SIZE(harbour_types));
	if (ret)
		goto err_log;
	return 0;

err_log:
	kfree(hb->log);
err_free:
	kfree(hb);
	return ret;
}

static void harbour_demolish(struct platform_device *pdev)
{
	struct harbour *hb = platform_get_drvdata(pdev);

	mdev_unregister_parent(&hb->parent);
	kfree(hb->log);
	kfree(hb);
}

static int __init harbour_init(void)
{
	int ret;

	ret = mdev_register_driver(&harbour_driver);
	if (ret)
		return ret;

	harbour_coast = platform_device_register_simple("harbour", -1, NULL, 0);
	if (IS_ERR(harbour_coast)) {
		ret = PTR_ERR(harbour_coast);
		goto err_driver;
	}

	ret = harbour_build(harbour_coast);
	if (ret)
		goto err_coast;
	return 0;

err_coast:
	platform_device_unregister(harbour_coast);
err_driver:
	mdev_unregister_driver(&harbour_driver);
	return ret;
}

static void __exit harbour_exit(void)
{
	harbour_demolish(harbour_coast);
	platform_device_unregister(harbour_coast);
	mdev_unregister_driver(&harbour_driver);
}

module_init(harbour_init);
module_exit(harbour_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a structure that outlives its vfio_device");
