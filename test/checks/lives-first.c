// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract %t -gen=6.2

/* One is taken for each round of a loop, and a loop gives back the first. */

#include "Inputs/lives.h"

struct carillon {
	struct vfio_device vdev;
	int ropes[4];
	bool rung[4];
	struct page *scores[4];
};

static irqreturn_t carillon_ring(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int carillon_open(struct vfio_device *vdev)
{
	struct carillon *c = container_of(vdev, struct carillon, vdev);
	int i, ret;

	for (i = 0; i < 4; i++) {
		ret = request_irq(c->ropes[i], carillon_ring, 0, "bell", c);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the interrupt taken by 'request_irq' in a loop is given back only once: the loop that does it ends with the first [vfio-open-contract]
		if (ret)
			goto undo;
		c->rung[i] = true;
	}
	return 0;
undo:
	while (--i >= 0) {
		free_irq(c->ropes[i], c);
		c->rung[i] = false;
	}
	return ret;
}

static void carillon_close(struct vfio_device *vdev)
{
	struct carillon *c = container_of(vdev, struct carillon, vdev);
	int i;

	for (i = 0; i < 4; i++)
		if (c->rung[i]) {
			free_irq(c->ropes[i], c);
			c->rung[i] = false;
			break;
		}
}

static const struct vfio_device_ops carillon_ops = {
	.open_device = carillon_open,
	.close_device = carillon_close,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(carillon);
