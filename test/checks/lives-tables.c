// RUN: %check_vfio %s vfio-open-contract,vfio-core-rules %t -gen=6.1,6.2

/* What a call through a table of the driver's own does, is done. */

#include "Inputs/lives.h"

struct crank {
	struct vfio_device vdev;
	struct mutex lock;
	struct page *pin;
	int line;
};

static irqreturn_t crank_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int crank_start(struct crank *s)
{
	return request_irq(s->line, crank_irq, 0, "crank", s);
// CHECK-MESSAGES: :[[@LINE-1]]:9: warning: the interrupt taken by 'request_irq' is never given back: 'crank_close' does not, and neither '.release' nor remove does [vfio-open-contract]
}

static void crank_stop(struct crank *s)
{
	disable_irq(s->line);
}

static const struct crank_gear {
	int (*start)(struct crank *s);
	void (*stop)(struct crank *s);
} crank_gear = {
	.start = crank_start,
	.stop = crank_stop,
};

static int crank_open(struct vfio_device *vdev)
{
	return crank_gear.start(container_of(vdev, struct crank, vdev));
}

static void crank_close(struct vfio_device *vdev)
{
	crank_gear.stop(container_of(vdev, struct crank, vdev));
}

static long crank_pin(struct crank *s, unsigned long arg)
{
	return vfio_pin_pages(&s->vdev, arg, 1, IOMMU_READ, &s->pin);
}

static long crank_unpin(struct crank *s, unsigned long arg)
{
	vfio_unpin_pages(&s->vdev, arg, 1);
	return 0;
}

static long (*const crank_turns[])(struct crank *s, unsigned long arg) = {
	crank_pin,
	crank_unpin,
};

static long crank_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	return crank_turns[cmd & 1](container_of(vdev, struct crank, vdev), arg);
}

static const struct vfio_device_ops crank_ops = {
// CHECK-MESSAGES: :[[@LINE-1]]:37: warning: ops table 'crank_ops' has no '.dma_unmap', but its device pins pages: core refuses to pin them [vfio-core-rules]
	IOMMUFD(emulated),
	.open_device = crank_open,
	.close_device = crank_close,
	.ioctl = crank_ioctl,
};
PLAIN_DRIVER(crank);
