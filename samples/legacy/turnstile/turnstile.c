// SPDX-License-Identifier: GPL-2.0
/*
 * turnstile - counts who is inside
 *
 * Idiom: a global count, no part of the structure, that probe raises when all
 * went well and remove lowers.
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

#define TURNSTILE_LIMIT	4

struct turnstile {
	struct vfio_device vdev;
	u32 *turns;
};

static DEFINE_MUTEX(turnstile_lock);	/* turnstile_inside */
static int turnstile_inside;
module_param_named(inside, turnstile_inside, int, 0444);
MODULE_PARM_DESC(inside, "number of devices that exist");

static struct platform_device *turnstile_gate;
static struct mdev_parent turnstile_parent;

static ssize_t turnstile_read(struct vfio_device *vdev, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct turnstile *ts = container_of(vdev, struct turnstile, vdev);

	return simple_read_from_buffer(buf, count, ppos, ts->turns, PAGE_SIZE);
}

static ssize_t turnstile_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct turnstile *ts = container_of(vdev, struct turnstile, vdev);

	return simple_write_to_buffer(ts->turns, PAGE_SIZE, ppos, buf, count);
}

static long turnstile_ioctl(struct vfio_device *vdev, unsigned int cmd,
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

static const struct vfio_device_ops turnstile_ops = {
	.name = "turnstile",
	.read = turnstile_read,
	.write = turnstile_write,
	.ioctl = turnstile_ioctl,
};

static int turnstile_probe(struct mdev_device *mdev)
{
	struct turnstile *ts;
	int ret;

	mutex_lock(&turnstile_lock);
	if (turnstile_inside >= TURNSTILE_LIMIT) {
		ret = -EUSERS;
		goto out_unlock;
	}

	ts = kzalloc(sizeof(*ts), GFP_KERNEL);
	if (!ts) {
		ret = -ENOMEM;
		goto out_unlock;
	}
	vfio_init_group_dev(&ts->vdev, &mdev->dev, &turnstile_ops);

	ts->turns = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!ts->turns) {
		ret = -ENOMEM;
		goto out_uninit;
	}

	ret = vfio_register_emulated_iommu_dev(&ts->vdev);
	if (ret)
		goto out_turns;

	dev_set_drvdata(&mdev->dev, ts);
	turnstile_inside++;
	mutex_unlock(&turnstile_lock);
	return 0;

out_turns:
	kfree(ts->turns);
out_uninit:
	vfio_uninit_group_dev(&ts->vdev);
	kfree(ts);
out_unlock:
	mutex_unlock(&turnstile_lock);
	return ret;
}

static void turnstile_remove(struct mdev_device *mdev)
{
	struct turnstile *ts = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&ts->vdev);
	mutex_lock(&turnstile_lock);
	turnstile_inside--;
	mutex_unlock(&turnstile_lock);
	kfree(ts->turns);
	vfio_uninit_group_dev(&ts->vdev);
	kfree(ts);
}

static struct mdev_driver turnstile_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = 8,
	.probe = turnstile_probe,
	.remove = turnstile_remove,
	.driver = {
		.name = "turnstile",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type turnstile_type = {
	.sysfs_name = "gate",
	.pretty_name = "A gate",
};

static struct mdev_type *turnstile_types[] = { &turnstile_type };

static int __init turnstile_init(void)
{
	int ret;

	ret = mdev_register_driver(&turnstile_driver);
	if (ret)
		return ret;

	turnstile_gate = platform_device_register_simple("turnstile", -1, NULL,
							 0);
	if (IS_ERR(turnstile_gate)) {
		ret = PTR_ERR(turnstile_gate);
		goto err_driver;
	}

	ret = mdev_register_parent(&turnstile_parent, &turnstile_gate->dev,
				   &turnstile_driver, turnstile_types,
				   ARRAY_SIZE(turnstile_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(turnstile_gate);
err_driver:
	mdev_unregister_driver(&turnstile_driver);
	return ret;
}

static void __exit turnstile_exit(void)
{
	mdev_unregister_parent(&turnstile_parent);
	platform_device_unregister(turnstile_gate);
	mdev_unregister_driver(&turnstile_driver);
}

module_init(turnstile_init);
module_exit(turnstile_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: a global count changed in probe and remove");
