/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _GENTIAN_H
#define _GENTIAN_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio.h>
#include <linux/vfio_pci_core.h>

struct gentian {
	struct vfio_pci_core_device core;
	u32 vf_id;
};

void fade(struct vfio_pci_core_device *core);

#endif
