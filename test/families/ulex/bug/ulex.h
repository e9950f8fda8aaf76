/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ULEX_H
#define _ULEX_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct ulex {
	struct vfio_device vdev;
	struct list_head link;
};

void uuid_sweep(struct list_head *all);

#endif
