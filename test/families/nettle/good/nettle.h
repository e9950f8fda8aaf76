/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETTLE_H
#define _NETTLE_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct nettle {
	struct vfio_device vdev;
	u32 tries;
};

bool complete_setup(struct nettle *n);

#endif
