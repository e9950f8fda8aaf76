/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SLOE_H
#define _SLOE_H

#include <linux/atomic.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sloe {
	struct vfio_device vdev;
	unsigned long pages;
};

void sloe_give_back(struct sloe *s);
int sloe_borrow(struct sloe *s);

#endif
