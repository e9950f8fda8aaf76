/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _POPPY_H
#define _POPPY_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct poppy {
	struct vfio_device vdev;
	u32 seeds;
};

struct poppy *poppy_grown(struct poppy *p);

#endif
