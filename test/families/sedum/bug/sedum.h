/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEDUM_H
#define _SEDUM_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sedum {
	struct vfio_device vdev;
	u32 age;
};

struct sedum *sedum_plant(struct device *dev);
struct sedum *sedum_seed(struct device *dev);
extern const struct vfio_device_ops sedum_dev_ops;

#endif
