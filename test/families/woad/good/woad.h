/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WOAD_H
#define _WOAD_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct woad {
	struct vfio_device vdev;
	refcount_t users;
};

void woad_ref(struct woad *w);
void woad_unref(struct woad *w);

#endif
