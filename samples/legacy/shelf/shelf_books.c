// SPDX-License-Identifier: GPL-2.0
/*
 * The books of a shelf, and access to them.
 */
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "shelf.h"

int shelf_fill(struct shelf *sh)
{
	mutex_init(&sh->lock);
	sh->books = kzalloc(SHELF_WIDTH, GFP_KERNEL);
	return sh->books ? 0 : -ENOMEM;
}

void shelf_clear(struct shelf *sh)
{
	kfree(sh->books);
	mutex_destroy(&sh->lock);
}

ssize_t shelf_read(struct vfio_device *vdev, char __user *buf, size_t count,
		   loff_t *ppos)
{
	struct shelf *sh = container_of(vdev, struct shelf, vdev);
	ssize_t ret;

	mutex_lock(&sh->lock);
	ret = simple_read_from_buffer(buf, count, ppos, sh->books, SHELF_WIDTH);
	mutex_unlock(&sh->lock);
	return ret;
}

ssize_t shelf_write(struct vfio_device *vdev, const char __user *buf,
		    size_t count, loff_t *ppos)
{
	struct shelf *sh = container_of(vdev, struct shelf, vdev);
	ssize_t ret;

	mutex_lock(&sh->lock);
	ret = simple_write_to_buffer(sh->books, SHELF_WIDTH, ppos, buf, count);
	mutex_unlock(&sh->lock);
	return ret;
}
