/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BETONY_H
#define _BETONY_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct betony {
	struct vfio_device vdev;
	u32 port;
};

int betony_keep(struct betony *b);
void betony_forget(void);

#endif
