/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IVY_H
#define _IVY_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct ivy {
	struct vfio_device vdev;
	bool dead;
};



#endif
