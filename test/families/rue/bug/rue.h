/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RUE_H
#define _RUE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct rue {
	struct vfio_device vdev;
	u32 arch;
};

void rue_arch_end(struct rue *a);

#endif
