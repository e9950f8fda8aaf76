/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FERN_H
#define _FERN_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct fern {
	struct vfio_device vdev;
	u32 frond;
};

int fern_done(struct fern *f, int ret);

#endif
