// SPDX-License-Identifier: GPL-2.0
/*
 * kettle - heats while it exists
 *
 * Idiom: work that stays in probe and remove. The heater must be off between
 * unregister and uninit, and the attribute that is made after the registration
 * has an unwinding of its own.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#define KETTLE_TICK	msecs_to_jiffies(20)
#define KETTLE_SIZE	128

struct kettle {
	struct vfio_device vdev;
	struct mutex lock;	/* log, degrees and hot */
	struct delayed_work heat;
	unsigned int degrees;
	bool hot;
	char *log;
};

static struct platform_device *kettle_kitchen;
static struct mdev_parent kettle_parent;

static void kettle_heat(struct work_struct *work)
{
	struct kettle *kt = container_of(to_delayed_work(work), struct kettle,
					 heat);
	bool again;

	mutex_lock(&kt->lock);
	if (kt->degrees < 100)
		kt->degrees++;
	kt->log[kt->degrees] = '#';
	again = kt->hot;
	mutex_unlock(&kt->lock);

	if (again)
		schedule_delayed_work(&kt->heat, KETTLE_TICK);
}

static void kettle_on(struct kettle *kt)
{
	kt->hot = true;
	schedule_delayed_work(&kt->heat, KETTLE_TICK);
}

static void kettle_off(struct kettle *kt)
{
	mutex_lock(&kt->lock);
	kt->hot = false;
	mutex_unlock(&kt->lock);
	cancel_delayed_work_sync(&kt->heat);
}

static ssize_t degrees_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct kettle *kt = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", kt->degrees);
}
static DEVICE_ATTR_RO(degrees);

static ssize_t kettle_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct kettle *kt = container_of(vdev, struct kettle, vdev);
	ssize_t ret;

	mutex_lock(&kt->lock);
	ret = simple_read_from_buffer(buf, count, ppos, kt->log, KETTLE_SIZE);
	mutex_unlock(&kt->lock);
	return ret;
}

static ssize_t kettle_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct kettle *kt = container_of(vdev, struct kettle, vdev);
	ssize_t ret;

	mutex_lock(&kt->lock);
	ret = simple_write_to_buffer(kt->log, KETTLE_SIZE, ppos, buf, count);
	mutex_unlock(&kt->lock);
	return ret;
}

static long kettle_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = KETTLE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops kettle_ops = {
	.name = "kettle",
	.read = kettle_read,
	.write = kettle_write,
	.ioctl = kettle_ioctl,
};

static int kettle_probe(struct mdev_device *mdev)
{
	struct kettle *kt;
	int ret;

	kt = kzalloc(sizeof(*kt), GFP_KERNEL);
	if (!kt)
		return -ENOMEM;

	vfio_init_group_dev(&kt->vdev, &mdev->dev, &kettle_ops);
	mutex_init(&kt->lock);
	INIT_DELAYED_WORK(&kt->heat, kettle_heat);
	kt->log = kzalloc(KETTLE_SIZE, GFP_KERNEL);
	if (!kt->log) {
		ret = -ENOMEM;
		goto err_uninit;
	}
	dev_set_drvdata(&mdev->dev, kt);

	ret = vfio_register_emulated_iommu_dev(&kt->vdev);
	if (ret)
		goto err_log;

	ret = device_create_file(&mdev->dev, &dev_attr_degrees);
	if (ret)
		goto err_unregister;
	kettle_on(kt);
	return 0;

err_unregister:
	vfio_unregister_group_dev(&kt->vdev);
err_log:
	kfree(kt->log);
err_uninit:
	vfio_uninit_group_dev(&kt->vdev);
	kfree(kt);
	return ret;
}

static void kettle_remove(struct mdev_device *mdev)
{
	struct kettle *kt = dev_get_drvdata(&mdev->dev);

	device_remove_file(&mdev->dev, &dev_attr_degrees);
	vfio_unregister_group_dev(&kt->vdev);

	/* Nobody can open it any more: let it cool before it goes. */
	kettle_off(kt);
	dev_info(&mdev->dev, "off at %u degrees\n", kt->degrees);

	kfree(kt->log);
	vfio_uninit_group_dev(&kt->vdev);
	kfree(kt);
}

static struct mdev_driver kettle_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = kettle_probe,
	.remove = kettle_remove,
	.driver = {
		.name = "kettle",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type kettle_type = {
	.sysfs_name = "kettle",
	.pretty_name = "A kettle",
};

static struct mdev_type *kettle_types[] = { &kettle_type };

static int __init kettle_init(void)
{
	int ret;

	ret = mdev_register_driver(&kettle_driver);
	if (ret)
		return ret;

	kettle_kitchen = platform_device_register_simple("kettle", -1, NULL, 0);
	if (IS_ERR(kettle_kitchen)) {
		ret = PTR_ERR(kettle_kitchen);
		goto err_driver;
	}

	ret = mdev_register_parent(&kettle_parent, &kettle_kitchen->dev,
				   &kettle_driver, kettle_types,
				   ARRAY_SIZE(kettle_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(kettle_kitchen);
err_driver:
	mdev_unregister_driver(&kettle_driver);
	return ret;
}

static void __exit kettle_exit(void)
{
	mdev_unregister_parent(&kettle_parent);
	platform_device_unregister(kettle_kitchen);
	mdev_unregister_driver(&kettle_driver);
}

module_init(kettle_init);
module_exit(kettle_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: work that stays in probe and remove");
