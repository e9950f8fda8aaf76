/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LENTIL_H
#define _LENTIL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lentil {
	struct vfio_device vdev;
	u32 left;
};

void lentil_apply(struct lentil *a, void (*how)(struct lentil *a));

#endif
