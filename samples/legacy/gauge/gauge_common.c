// SPDX-License-Identifier: GPL-2.0
/*
 * gauge - instruments on the platform bus and on AMBA
 *
 * Idiom: a library module that exports probe_common() and remove_common(), with
 * an ops table in each of the bus drivers, which are modules of their own. The
 * header is found through an include path of the Makefile.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <gauge/gauge.h>

#define GAUGE_SIZE	PAGE_SIZE

int gauge_open_device(struct vfio_device *vdev)
{
	struct gauge *ga = container_of(vdev, struct gauge, vdev);

	mutex_lock(&ga->lock);
	ga->opens++;
	mutex_unlock(&ga->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(gauge_open_device);

ssize_t gauge_read(struct vfio_device *vdev, char __user *buf, size_t count,
		   loff_t *ppos)
{
	struct gauge *ga = container_of(vdev, struct gauge, vdev);
	ssize_t ret;

	mutex_lock(&ga->lock);
	ret = simple_read_from_buffer(buf, count, ppos, ga->last, GAUGE_SIZE);
	mutex_unlock(&ga->lock);
	return ret;
}
EXPORT_SYMBOL_GPL(gauge_read);

long gauge_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
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
		region.size = GAUGE_SIZE;
		return copy_to_user((void __user *)arg, &region, minsz) ?
			-EFAULT : 0;
	}
	return -ENOTTY;
}
EXPORT_SYMBOL_GPL(gauge_ioctl);

int gauge_probe_common(struct gauge *ga, struct device *dev,
		       const struct vfio_device_ops *ops)
{
	int ret;

	vfio_init_group_dev(&ga->vdev, dev, ops);
	mutex_init(&ga->lock);

	if (!ga->window || resource_size(ga->window) < GAUGE_SIZE) {
		ret = -EINVAL;
		goto err_uninit;
	}

	ga->last = kzalloc(GAUGE_SIZE, GFP_KERNEL);
	if (!ga->last) {
		ret = -ENOMEM;
		goto err_uninit;
	}

	ret = vfio_register_group_dev(&ga->vdev);
	if (ret)
		goto err_last;
	return 0;

err_last:
	kfree(ga->last);
err_uninit:
	vfio_uninit_group_dev(&ga->vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(gauge_probe_common);

void gauge_remove_common(struct gauge *ga)
{
	vfio_unregister_group_dev(&ga->vdev);
	kfree(ga->last);
	vfio_uninit_group_dev(&ga->vdev);
}
EXPORT_SYMBOL_GPL(gauge_remove_common);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("VFIO sample: library of two bus drivers");
