/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BUGLE_H
#define BUGLE_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>

struct bugle {
	struct vfio_device vdev;
	struct timer_list beat;
	u32 *count;
};

void bugle_begin(struct bugle *x);
void bugle_end(struct bugle *x);

#endif
