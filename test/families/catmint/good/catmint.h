/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CATMINT_H
#define _CATMINT_H

#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct catmint {
	struct vfio_device vdev;
	void *store;
	size_t size;
};

int init_store(struct catmint *c);
void fini_store(struct catmint *c);

#endif
