/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RELAY_H
#define RELAY_H

#include <linux/mutex.h>
#include <linux/vfio.h>

#define RELAY_SIZE	2048

struct relay {
	struct vfio_device vdev;
	struct mutex lock;	/* message */
	char *message;
	char *route;
};

int relay_create(struct device *dev, const struct vfio_device_ops *ops,
		 struct relay **out);
void relay_destroy(struct relay *rl);

#endif /* RELAY_H */
