/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BORAGE_H
#define _BORAGE_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct borage {
	struct vfio_device vdev;
	u32 stage;
};

int borage_make(struct device *dev, struct borage **out);
extern const struct vfio_device_ops borage_dev_ops;

#endif
