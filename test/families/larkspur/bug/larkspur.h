/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LARKSPUR_H
#define _LARKSPUR_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct larkspur {
	struct vfio_device vdev;
	u32 spur;
};

int larkspur_bind(struct device *dev, struct larkspur *l);

#endif
