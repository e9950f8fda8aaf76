/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMFREY_H
#define _COMFREY_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct comfrey {
	struct vfio_device vdev;
	u8 config[64];
};

int copy_config(struct comfrey *c, const void *from, size_t len);

#endif
