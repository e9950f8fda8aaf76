/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SAVORY_H
#define _SAVORY_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct savory {
	struct vfio_device vdev;
	u32 mode;
};

void savory_undo(void *data);

#endif
