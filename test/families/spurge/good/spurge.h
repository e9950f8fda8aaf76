/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SPURGE_H
#define _SPURGE_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct spurge {
	struct vfio_device vdev;
	int bar;
};

struct spurge *spurge_new(struct device *dev);
extern const struct vfio_device_ops spurge_dev_ops;

#endif
