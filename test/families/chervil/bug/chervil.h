/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CHERVIL_H
#define _CHERVIL_H

#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct chervil {
	struct vfio_device vdev;
	void *store;
	size_t size;
};

int init_store(struct chervil *c);
void seal_store(struct chervil *c);

#endif
