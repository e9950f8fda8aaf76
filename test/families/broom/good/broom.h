/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BROOM_H
#define _BROOM_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct broom {
	struct vfio_device vdev;
	struct list_head link;
};

struct broom *broom_pop(struct list_head *all);

#endif
