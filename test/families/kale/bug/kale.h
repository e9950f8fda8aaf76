/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KALE_H
#define _KALE_H

#include <linux/kref.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct kale {
	struct vfio_device vdev;
	struct kref users;
	u32 gen;
};

void kale_last(struct kref *users);

#endif
