/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SAGE_H
#define _SAGE_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct sage {
	struct vfio_device vdev;
	u32 leaf;
};

struct sage_bed {
	struct sage *sage;
};

struct sage *sage_of(struct platform_device *pdev);
void sage_plant(struct sage *s, struct sage_bed *bed, struct platform_device *pdev);
void sage_dig(struct sage *s);

#endif
