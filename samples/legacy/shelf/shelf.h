/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHELF_H
#define SHELF_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#define SHELF_WIDTH	1024

/**
 * struct shelf - a row of books
 * @next: in the list of all shelves
 * @lock: guards @books
 * @vdev: what user space opens
 * @books: SHELF_WIDTH bytes
 */
struct shelf {
	struct list_head next;
	struct mutex lock;	/* books */
	struct vfio_device vdev;
	u8 *books;
};

int shelf_fill(struct shelf *sh);
void shelf_clear(struct shelf *sh);
ssize_t shelf_read(struct vfio_device *vdev, char __user *buf, size_t count,
		   loff_t *ppos);
ssize_t shelf_write(struct vfio_device *vdev, const char __user *buf,
		    size_t count, loff_t *ppos);

#endif /* SHELF_H */
