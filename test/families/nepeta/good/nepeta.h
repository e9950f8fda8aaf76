/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NEPETA_H
#define _NEPETA_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct nepeta {
	struct vfio_device vdev;
	u32 cats;
};

void nepeta_go(struct nepeta *n);

#endif
