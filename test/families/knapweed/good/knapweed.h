/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNAPWEED_H
#define _KNAPWEED_H

#include <linux/kref.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct knapweed {
	struct vfio_device vdev;
	struct kref users;
	u32 gen;
};

void knapweed_last(struct kref *users);

#endif
