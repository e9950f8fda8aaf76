/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MYRTLE_H
#define _MYRTLE_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct myrtle {
	struct vfio_device vdev;
	void *window;
	size_t window_size;
};

void memory_put(struct myrtle *m);
int memory_get(struct myrtle *m);

#endif
