// SPDX-License-Identifier: GPL-2.0
/*
 * roster - devices that know how many of them there are
 *
 * Idiom: each device has an id from an ida and stands in a list that a mutex
 * guards; both are given back in remove and when probe fails.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define ROSTER_MAX	16

struct roster {
	struct vfio_device vdev;
	struct list_head next;
	unsigned int id;
	char line[64];
};

static DEFINE_IDA(roster_ids);
static DEFINE_MUTEX(roster_lock);	/* roster_list and roster_present */
static LIST_HEAD(roster_list);
static unsigned int roster_present;
module_param_named(present, roster_present, uint, 0444);
MODULE_PARM_DESC(present, "number of devices in the roster");

static struct platform_device *roster_school;
static struct mdev_parent roster_parent;

/* Write down who is present, as seen by this device. */
static void roster_call(struct roster *rs)
{
	struct roster *other;
	int used;

	mutex_lock(&roster_lock);
	used = scnprintf(rs->line, sizeof(rs->line), "%u of", rs->id);
	list_for_each_entry(other, &roster_list, next)
		used += scnprintf(rs->line + used, sizeof(rs->line) - used,
				  " %u", other->id);
	mutex_unlock(&roster_lock);
}

static int roster_open_device(struct vfio_device *vdev)
{
	roster_call(container_of(vdev, struct roster, vdev));
	return 0;
}

static ssize_t roster_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct roster *rs = container_of(vdev, struct roster, vdev);

	return simple_read_from_buffer(buf, count, ppos, rs->line,
				       sizeof(rs->line));
}

static ssize_t roster_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct roster *rs = container_of(vdev, struct roster, vdev);

	return simple_write_to_buffer(rs->line, sizeof(rs->line), ppos, buf,
				      count);
}

static long roster_ioctl(struct vfio_device *vdev, unsigned int cmd,
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
		region.size = sizeof_field(struct roster, line);
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}

static const struct vfio_device_ops roster_ops = {
	.name = "roster",
	.open_device = roster_open_device,
	.read = roster_read,
	.write = roster_write,
	.ioctl = roster_ioctl,
};

static int roster_probe(struct mdev_device *mdev)
{
	struct roster *rs;
	int ret;

	rs = kcalloc(1, sizeof(*rs), GFP_KERNEL);
	if (!rs)
		return -ENOMEM;

	ret = ida_alloc_max(&roster_ids, ROSTER_MAX - 1, GFP_KERNEL);
	if (ret < 0) {
		kfree(rs);
		return ret;
	}
	rs->id = ret;
	vfio_init_group_dev(&rs->vdev, &mdev->dev, &roster_ops);

	mutex_lock(&roster_lock);
	list_add_tail(&rs->next, &roster_list);
	roster_present++;
	mutex_unlock(&roster_lock);

	ret = vfio_register_emulated_iommu_dev(&rs->vdev);
	if (ret)
		goto err_list;

	dev_set_drvdata(&mdev->dev, rs);
	return 0;

err_list:
	mutex_lock(&roster_lock);
	roster_present--;
	list_del(&rs->next);
	mutex_unlock(&roster_lock);
	vfio_uninit_group_dev(&rs->vdev);
	ida_free(&roster_ids, rs->id);
	kfree(rs);
	return ret;
}

static void roster_remove(struct mdev_device *mdev)
{
	struct roster *rs = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&rs->vdev);

	mutex_lock(&roster_lock);
	roster_present--;
	list_del(&rs->next);
	mutex_unlock(&roster_lock);
	vfio_uninit_group_dev(&rs->vdev);
	ida_free(&roster_ids, rs->id);
	kfree(rs);
}

static struct mdev_driver roster_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = ROSTER_MAX,
	.probe = roster_probe,
	.remove = roster_remove,
	.driver = {
		.name = "roster",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
};

static struct mdev_type roster_type = {
	.sysfs_name = "pupil",
	.pretty_name = "A pupil with a number",
};

static struct mdev_type *roster_types[] = { &roster_type };

static int __init roster_init(void)
{
	int ret;

	ret = mdev_register_driver(&roster_driver);
	if (ret)
		return ret;

	roster_school = platform_device_register_simple("roster", -1, NULL, 0);
	if (IS_ERR(roster_school)) {
		ret = PTR_ERR(roster_school);
		goto err_driver;
	}

	ret = mdev_register_parent(&roster_parent, &roster_school->dev,
				   &roster_driver, roster_types,
				   ARRAY_SIZE(roster_types));
	if (ret)
		goto err_device;
	return 0;

err_device:
	platform_device_unregister(roster_school);
err_driver:
	mdev_unregister_driver(&roster_driver);
	return ret;
}

static void __exit roster_exit(void)
{
	mdev_unregister_parent(&roster_parent);
	platform_device_unregister(roster_school);
	mdev_unregister_driver(&roster_driver);
}

module_init(roster_init);
module_exit(roster_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: an id and a list under a lock");
