/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SORREL_H
#define _SORREL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sorrel {
	struct vfio_device vdev;
	bool armed;
};

int sorrel_arm(struct device *dev, struct sorrel *s);

#endif
