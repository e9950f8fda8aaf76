/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HEMP_H
#define _HEMP_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct hemp {
	struct vfio_device vdev;
	u32 rope;
};

struct hemp *hemp_of(struct platform_device *pdev);
void hemp_keep(struct platform_device *pdev, struct hemp *h);
void hemp_ret(struct hemp *h);

#endif
