/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MADDER_H
#define _MADDER_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct madder {
	struct vfio_device vdev;
	unsigned int kind;
	u32 gate;
};

struct madder_kind {
	const char *name;
	void (*warn_off)(struct madder *m);
};

extern const struct madder_kind madder_kinds[2];

#endif
