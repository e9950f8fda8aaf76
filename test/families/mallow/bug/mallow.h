/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MALLOW_H
#define _MALLOW_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct mallow {
	struct vfio_device vdev;
	u32 soft;
};

void mallow_end_v2(struct mallow *a);
#define mallow_end mallow_end_v2

#endif
