/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VETCH_H
#define _VETCH_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct vetch {
	struct vfio_device vdev;
	void __iomem *regs;
	u32 strobe;
};

void strobe_put(struct vetch *v);

#endif
