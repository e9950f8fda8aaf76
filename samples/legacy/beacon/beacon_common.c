// SPDX-License-Identifier: GPL-2.0
/*
 * What every beacon does, whichever bus it sits on.
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "beacon.h"

static atomic_t beacon_lamps = ATOMIC_INIT(0);
module_param_named(lamps, beacon_lamps.counter, int, 0444);
MODULE_PARM_DESC(lamps, "lamps of all beacons that exist");

static int beacon_open_device(struct vfio_device *vdev)
{
	struct beacon *bcn = container_of(vdev, struct beacon, vdev);

	mutex_lock(&bcn->lock);
	memset(bcn->pattern, 0, PAGE_SIZE);
	mutex_unlock(&bcn->lock);
	return 0;
}

static ssize_t beacon_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct beacon *bcn = container_of(vdev, struct beacon, vdev);
	ssize_t ret;

	mutex_lock(&bcn->lock);
	ret = simple_read_from_buffer(buf, count, ppos, bcn->pattern,
				      PAGE_SIZE);
	mutex_unlock(&bcn->lock);
	return ret;
}

static ssize_t beacon_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct beacon *bcn = container_of(vdev, struct beacon, vdev);
	ssize_t ret;

	mutex_lock(&bcn->lock);
	ret = simple_write_to_buffer(bcn->pattern, PAGE_SIZE, ppos, buf,
				     count);
	mutex_unlock(&bcn->lock);
	return ret;
}

static long beacon_ioctl(struct vfio_device *vdev, unsigned int cmd,
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

static const struct vfio_device_ops beacon_ops = {
	.name = "beacon",
	.open_device = beacon_open_device,
	.read = beacon_read,
	.write = beacon_write,
	.ioctl = beacon_ioctl,
};

/*
 * Called by a bus driver with a beacon that it allocated and named. When this
 * fails the beacon is again no more than what the bus driver made of it.
 */
int beacon_probe_common(struct beacon *bcn, struct device *dev)
{
	int ret;

	vfio_init_group_dev(&bcn->vdev, dev, &beacon_ops);

	mutex_init(&bcn->lock);
	bcn->pattern = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!bcn->pattern) {
		ret = -ENOMEM;
		goto err_uninit;
	}
	atomic_add(bcn->lamps, &beacon_lamps);

	ret = vfio_register_emulated_iommu_dev(&bcn->vdev);
	if (ret)
		goto err_pattern;

	dev_dbg(dev, "beacon %s with %u lamps\n", bcn->name, bcn->lamps);
	return 0;

err_pattern:
	atomic_sub(bcn->lamps, &beacon_lamps);
	kfree(bcn->pattern);
err_uninit:
	vfio_uninit_group_dev(&bcn->vdev);
	return ret;
}

/* The opposite of beacon_probe_common(). */
void beacon_remove_common(struct beacon *bcn)
{
	vfio_unregister_group_dev(&bcn->vdev);

	atomic_sub(bcn->lamps, &beacon_lamps);
	kfree(bcn->pattern);
	vfio_uninit_group_dev(&bcn->vdev);
}
