/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CELANDINE_H
#define _CELANDINE_H

#include <linux/idr.h>
#include <linux/mdev.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct celandine {
	struct vfio_device vdev;
	void *store;
	size_t size;
	int number;
};

int init_store(struct celandine *c);
void fini_store(struct celandine *c);
extern struct ida celandine_numbers;

#endif
