/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TANSY_H
#define _TANSY_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct tansy {
	struct vfio_device vdev;
	u32 bank;
};

void tansy_recycle(struct tansy *t);

#endif
