/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOP_H
#define _HOP_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct hop {
	struct vfio_device vdev;
	unsigned int rung;
};

void lock_down(struct hop *h);
void lock_step(struct hop *h);

#endif
