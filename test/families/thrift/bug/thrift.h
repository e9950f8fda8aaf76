/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _THRIFT_H
#define _THRIFT_H

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct thrift {
	struct vfio_device vdev;
	u32 serial;
};

void trace_gone(const struct thrift *t);

#endif
