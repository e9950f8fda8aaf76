// RUN: %check_vfio %s vfio-open-contract %t -gen=6.2 -expect-clean

#include "Inputs/lives.h"

/* What is taken under a condition on a number is given back under the same one,
 * or under one that follows from it. */
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
	if (cmd == 6)
		kfree(row);
	return 0;
}

static ssize_t abacus_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	if (count > 64) {
		row = kzalloc(count, GFP_KERNEL);
		if (!row)
			return -ENOMEM;
	}
	s->beads++;
	if (count > 32)
		kfree(row);
	return 0;
}

static ssize_t abacus_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct abacus *s = container_of(vdev, struct abacus, vdev);
	void *row = NULL;

	switch (count) {
	case 3:
		row = kzalloc(64, GFP_KERNEL);
		break;
	case 4:
		s->beads++;
		break;
	}
	switch (count) {
	case 4:
		s->beads--;
		break;
	case 3:
		kfree(row);
		break;
	}
	return 0;
}

static const struct vfio_device_ops abacus_ops = {
	.ioctl = abacus_ioctl,
	.read = abacus_read,
	.write = abacus_write,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(abacus);
