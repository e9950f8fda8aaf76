/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ROWAN_H
#define _ROWAN_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct rowan {
	struct vfio_device vdev;
	struct list_head node;
};

void rowan_bye(struct vfio_device *core);
extern const struct vfio_device_ops rowan_dev_ops;

#endif
