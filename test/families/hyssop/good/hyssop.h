/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HYSSOP_H
#define _HYSSOP_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct hyssop {
	struct vfio_device vdev;
	u32 seen;
};

void debug_dump(struct device *dev);

#endif
