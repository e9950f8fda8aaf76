/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TEASEL_H
#define _TEASEL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct teasel {
	struct vfio_device vdev;
	void __iomem *base;
	u32 mode;
};

void teasel_unwind(struct teasel *t);

#endif
