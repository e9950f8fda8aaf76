/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TAMARISK_H
#define TAMARISK_H

#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vfio.h>

struct tamarisk {
	struct vfio_device vdev;
	enum vfio_device_mig_state state;
};

extern const struct vfio_migration_ops tamarisk_states;

#endif
