/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PINE_H
#define _PINE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct pine {
	struct vfio_device vdev;
	u32 cones;
};

#endif
