/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FLAX_H
#define _FLAX_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/list.h>

struct flax {
	struct vfio_device vdev;
	struct list_head link;
};

void flax_mow(struct list_head *field);

#endif
