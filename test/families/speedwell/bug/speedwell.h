/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SPEEDWELL_H
#define _SPEEDWELL_H

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct speedwell {
	struct vfio_device vdev;
	u32 pace;
};

void speedwell_withdraw(struct speedwell *s);

#endif
