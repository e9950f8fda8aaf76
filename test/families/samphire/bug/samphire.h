/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SAMPHIRE_H
#define SAMPHIRE_H

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/vfio.h>

struct samphire {
	struct vfio_device vdev;
	struct mutex gate;
	unsigned long drawn;
	bool shut;
};

int samphire_enter(struct samphire *s, unsigned long share);
void samphire_leave(struct samphire *s);

#endif
