/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _GALEGA_H
#define _GALEGA_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct galega {
	struct vfio_pci_core_device core;
	u32 vf_id;
};

void copy_out(struct galega *g);

#endif
