/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BASIL_H
#define _BASIL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/kref.h>

struct basil {
	struct vfio_device vdev;
	struct kref users;
	u32 leaf;
};

void basil_drop(struct basil *b);
void basil_free(struct basil *b);

#endif
