/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ALDER_H
#define _ALDER_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct alder {
	struct vfio_device vdev;
	u32 rank;
};

void shut_down(struct alder *a);

#endif
