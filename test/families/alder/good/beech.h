/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BEECH_H
#define _BEECH_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct beech {
	struct vfio_device vdev;
	u32 rank;
};

void shut_down(struct beech *a);

#endif
