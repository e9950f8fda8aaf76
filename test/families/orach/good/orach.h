/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ORACH_H
#define _ORACH_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct orach {
	struct vfio_device vdev;
	unsigned char key[16];
};

extern const struct vfio_device_ops orach_dev_ops;
void orach_gone(struct vfio_device *core);
void orach_wipe(struct orach *o);

#endif
