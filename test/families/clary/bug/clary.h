/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLARY_H
#define _CLARY_H

#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct clary {
	struct vfio_device vdev;
	void *store;
	size_t size;
};

int init_store(struct clary *c);
void mutex_end(struct vfio_device *core);

#endif
