/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _QUINCE_H
#define _QUINCE_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct quince {
	struct vfio_device vdev;
	u16 slot;
	unsigned int faults;
};

int quince_fall(struct quince *q, int why);

#endif
