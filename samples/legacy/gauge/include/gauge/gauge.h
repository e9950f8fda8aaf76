/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GAUGE_GAUGE_H
#define GAUGE_GAUGE_H

#include <linux/ioport.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

/**
 * struct gauge - an instrument with one window of registers
 * @vdev: what user space opens
 * @lock: guards @last
 * @name: the bus driver's; allocated by it where it must be
 * @window: where the registers are
 * @last: copy of the registers that the last reader saw
 * @opens: how often the instrument was opened
 */
struct gauge {
	struct vfio_device vdev;
	struct mutex lock;	/* last and opens */
	const char *name;
	struct resource *window;
	u32 *last;
	unsigned long opens;
};

int gauge_probe_common(struct gauge *ga, struct device *dev,
		       const struct vfio_device_ops *ops);
void gauge_remove_common(struct gauge *ga);

int gauge_open_device(struct vfio_device *vdev);
ssize_t gauge_read(struct vfio_device *vdev, char __user *buf, size_t count,
		   loff_t *ppos);
long gauge_ioctl(struct vfio_device *vdev, unsigned int cmd,
		 unsigned long arg);

#endif /* GAUGE_GAUGE_H */
