/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LOVAGE_H
#define _LOVAGE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lovage {
	struct vfio_device vdev;
	u32 room;
};

struct lovage_peer {
	u64 cookie;
	struct vfio_device vdev;
	u32 room;
};

#endif
