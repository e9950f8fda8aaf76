/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MOSS_H
#define _MOSS_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct moss {
	struct vfio_device vdev;
	int water;
};

void moss_dry(struct moss *m, int layers);

#endif
