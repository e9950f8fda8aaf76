/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DILL_H
#define _DILL_H

#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct dill {
	struct vfio_device vdev;
	u32 caps;
};

struct dill *dill_of(struct platform_device *pdev);

#endif
