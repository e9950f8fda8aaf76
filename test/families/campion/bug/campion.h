/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CAMPION_H
#define _CAMPION_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct campion {
	struct vfio_device vdev;
	u32 id;
};

int test_run(struct campion *c);

#endif
