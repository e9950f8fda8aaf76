/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CHIVE_H
#define _CHIVE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct chive {
	struct vfio_device vdev;
	u32 stem;
};

void __chive_fade(struct chive *c);

static inline void chive_fade(struct chive *c)
{
	if (c)
		__chive_fade(c);
}

#endif
