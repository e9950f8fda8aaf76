/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ANISE_H
#define _ANISE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct anise_hw;

struct anise {
	struct vfio_device vdev;
	const struct anise_hw *hw;
	u32 lamp;
};

struct anise_hw {
	void (*quit)(struct anise *a);
};

const struct anise_hw *anise_hw(void);

#endif
