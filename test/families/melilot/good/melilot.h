/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MELILOT_H
#define _MELILOT_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct melilot {
	struct vfio_device vdev;
	unsigned int jobs;
};

bool melilot_settle(struct melilot *m);

#endif
