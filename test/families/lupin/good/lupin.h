/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LUPIN_H
#define _LUPIN_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lupin {
	struct vfio_device vdev;
	const struct lupin_hw *hw;
	u32 irqs;
};

struct lupin_hw {
	void (*start)(struct lupin *l);
	void (*stop)(struct lupin *l);
};

extern const struct lupin_hw lupin_hw_v1;

#endif
