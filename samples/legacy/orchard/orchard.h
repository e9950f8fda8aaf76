/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ORCHARD_H
#define ORCHARD_H

#include <linux/idr.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#define ORCHARD_TREES	4

/**
 * struct orchard - the ground that trees grow on
 * @lock: protects @trees
 * @trees: every tree that grows, by its number
 */
struct orchard {
	struct mutex lock; /* of the trees */
	struct idr trees;
};

/**
 * struct tree - a row of apples
 * @orchard: where it grows
 * @id: its number
 * @size: number of apples
 * @vdev: what user space opens
 * @apples: a byte each
 */
struct tree {
	struct orchard *orchard;
	int id;
	size_t size;
	struct vfio_device vdev;
	u8 *apples;
};

int orchard_visit(struct tree *tree, int (*visit)(size_t at, void *data), void *data);
struct tree *orchard_plant(struct orchard *orchard, size_t size);
void orchard_fell(struct tree *tree);

#endif /* ORCHARD_H */
