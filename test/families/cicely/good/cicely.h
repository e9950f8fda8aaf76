/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CICELY_H
#define CICELY_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>

struct cicely_ring {
	u32 used;
	u8 *buf;
};

struct cicely {
	struct vfio_device vdev;
	struct cicely_ring *ring;
};

struct cicely_ring *cicely_make(void);
void cicely_drop(struct cicely_ring *r);
void cicely_empty(struct cicely_ring *r);

#endif
