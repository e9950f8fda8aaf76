// RUN: %check_vfio %s vfio-open-contract %t -gen=6.1,6.2 -expect-clean

/* A share of nothing is none, also where the ways on which it is one meet. */

#include "Inputs/lives.h"

struct porch {
	struct vfio_device vdev;
	struct device *house, *guest;
	void *mat, *lamp;
};

static int porch_greet(struct porch *p)
{
	p->guest = get_device(p->house);
	if (!p->guest)
		return -ENODEV;
	return 0;
}

static void porch_undo(struct porch *p, unsigned int steps)
{
	switch (steps) {
	case 3:
		kfree(p->lamp);
		fallthrough;
	case 2:
		put_device(p->guest);
		fallthrough;
	case 1:
		kfree(p->mat);
		fallthrough;
	case 0:
		break;
	}
}

static int porch_open(struct vfio_device *vdev)
{
	struct porch *p = container_of(vdev, struct porch, vdev);
	unsigned int steps = 0;
	int ret = -ENOMEM;

	p->mat = kzalloc(64, GFP_KERNEL);
	if (!p->mat)
		goto undo;
	steps++;
	ret = porch_greet(p);
	if (ret)
		goto undo;
	steps++;
	p->lamp = kzalloc(64, GFP_KERNEL);
	if (!p->lamp) {
		ret = -ENOMEM;
		goto undo;
	}
	return 0;
undo:
	porch_undo(p, steps);
	return ret;
}

static void porch_close(struct vfio_device *vdev)
{
	porch_undo(container_of(vdev, struct porch, vdev), 3);
}

static const struct vfio_device_ops porch_ops = {
	.open_device = porch_open,
	.close_device = porch_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(porch);
