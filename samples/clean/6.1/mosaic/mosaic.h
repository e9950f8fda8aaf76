/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MOSAIC_H
#define MOSAIC_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#define MOSAIC_TILES	4
#define MOSAIC_SIZE	(MOSAIC_TILES * PAGE_SIZE)

/**
 * struct mosaic - a picture of tiles
 * @vdev: what user space opens
 * @lock: guards the contents of @tile
 * @next: in the list of all mosaics
 * @tile: one page each
 * @id: number of the mosaic
 */
struct mosaic {
	struct vfio_device vdev;
	struct mutex lock;	/* contents of tile */
	struct list_head next;
	u8 *tile[MOSAIC_TILES];
	int id;
};

struct mosaic *mosaic_create(struct device *dev,
			     const struct vfio_device_ops *ops);
void mosaic_free(struct mosaic *mo);
int mosaic_init_dev(struct vfio_device *vdev);
void mosaic_release_dev(struct vfio_device *vdev);

#endif /* MOSAIC_H */
