/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VALERIAN_H
#define VALERIAN_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio_pci_core.h>

struct valerian_root;

struct valerian {
	struct vfio_pci_core_device core;
	struct valerian_root *root;
};

void valerian_hook(struct valerian *v, struct pci_dev *pdev);

#endif
