/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TORMENTIL_H
#define _TORMENTIL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct tormentil {
	struct vfio_device vdev;
	bool shared;
	u32 left;
};

void tormentil_away(struct tormentil *t);

#endif
