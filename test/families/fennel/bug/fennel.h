/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FENNEL_H
#define _FENNEL_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct fennel {
	struct vfio_device vdev;
	u16 vf;
};

int fennel_attach(struct fennel *f, struct pci_dev *pdev);

#endif
