/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BEACON_H
#define BEACON_H

#include <linux/mutex.h>
#include <linux/vfio.h>

/**
 * struct beacon - a lamp whose pattern user space writes
 * @vdev: what user space opens
 * @lock: guards @pattern
 * @name: allocated by the bus driver that found the beacon, and freed by it
 * @pattern: one page, allocated by the common code
 * @lamps: how many lamps there are; the bus driver knows
 */
struct beacon {
	struct vfio_device vdev;
	struct mutex lock;	/* pattern */
	const char *name;
	u8 *pattern;
	unsigned int lamps;
};

int beacon_probe_common(struct beacon *bcn, struct device *dev);
void beacon_remove_common(struct beacon *bcn);

int beacon_aux_start(struct device *parent);
void beacon_aux_stop(void);
int beacon_mdev_start(struct device *parent);
void beacon_mdev_stop(void);

#endif /* BEACON_H */
