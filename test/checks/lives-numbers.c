// RUN: %check_vfio %s vfio-open-contract %t -gen=6.2

#include "Inputs/lives.h"

/* What is taken under a condition on a number is given back under another one,
 * which may be false where the first is true. */
struct abacus {
	struct vfio_device vdev;
	u32 beads;
};

static long abacus_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (cmd == 6) {
		row = kzalloc(64, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (cmd == 7)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_ioctl' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

static ssize_t abacus_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (count > 16) {
		row = kzalloc(count, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (count > 32)
		kfree(row);
	return 0;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is lost when 'abacus_read' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
}

static const struct vfio_device_ops abacus_ops = {
	.ioctl = abacus_ioctl,
	.read = abacus_read,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(abacus);
