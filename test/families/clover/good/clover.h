/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLOVER_H
#define _CLOVER_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct clover {
	struct vfio_device vdev;
	u32 leaves;
};

void clover_end(struct clover *a);
void clover_idle(struct clover *a);

#endif
