/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ORPINE_H
#define _ORPINE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct orpine {
	struct vfio_device vdev;
	bool on;
};

int debug_switch(struct orpine *o, bool on);

#endif
