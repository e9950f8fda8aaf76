/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _OXLIP_H
#define _OXLIP_H

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct oxlip {
	struct vfio_device vdev;
	void *log;
};

extern const struct vfio_device_ops oxlip_dev_ops;
void oxlip_log_end(struct oxlip *o);
void oxlip_drop(const void *what);

#endif
