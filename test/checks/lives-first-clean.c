// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract %t -gen=6.1,6.2 -expect-clean

/* A loop that ends with the first that it gives back, and is called for each, or
 * is not the only one. */

#include "Inputs/lives.h"

struct carillon {
	struct vfio_device vdev;
	int ropes[4];
	bool rung[4];
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

static bool carillon_stop(struct carillon *c)
{
	int i;

	for (i = 0; i < 4; i++)
		if (c->rung[i]) {
			free_irq(c->ropes[i], c);
			c->rung[i] = false;
			return true;
		}
	return false;
}

static void carillon_close(struct vfio_device *vdev)
{
	struct carillon *c = container_of(vdev, struct carillon, vdev);

	while (carillon_stop(c))
		;
}

static void chime_close(struct vfio_device *vdev)
{
	struct carillon *c = container_of(vdev, struct carillon, vdev);
	int i;

	for (i = 0; i < 4; i++) {
		free_irq(c->ropes[i], c);
		if (i == 3)
			break;
	}
}

static const struct vfio_device_ops carillon_ops = {
	.open_device = carillon_open,
	.close_device = carillon_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
static const struct vfio_device_ops chime_ops = {
	.open_device = carillon_open,
	.close_device = chime_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(carillon);
