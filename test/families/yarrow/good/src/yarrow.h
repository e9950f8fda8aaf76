/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _YARROW_H
#define _YARROW_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct yarrow {
	struct vfio_device vdev;
	u32 hours;
};

#endif
