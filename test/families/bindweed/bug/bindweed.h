/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BINDWEED_H
#define _BINDWEED_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct bindweed {
	struct vfio_device vdev;
	u8 level[4];
};

void test_leaf(struct bindweed *b, int depth);

#endif
