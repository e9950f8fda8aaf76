// RUN: %check_vfio %s vfio-open-contract %t -gen=6.1,6.2

/* Loops that give back all but the first. */

#include "Inputs/lives.h"

#define DRIVER_OF(name)                                                        \
	static void name##_close(struct vfio_device *vdev)                     \
	{                                                                      \
		struct rungs *s = container_of(vdev, struct rungs, vdev);      \
		int i;                                                         \
                                                                               \
		for (i = 0; i < 4; i++) {                                      \
			kfree(s->rung[i]);                                     \
			free_irq(s->vec[i].irq, s);                            \
		}                                                              \
	}                                                                      \
	static const struct vfio_device_ops name##_ops = {                     \
		IOMMUFD(emulated),                                             \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	}

struct rungs {
	struct vfio_device vdev;
	void *rung[4];
	struct {
		int irq;
	} vec[4];
};

static irqreturn_t rung_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int ladder_open(struct vfio_device *vdev)
{
	struct rungs *s = container_of(vdev, struct rungs, vdev);
	int i;

	for (i = 0; i < 4; i++) {
		s->rung[i] = kzalloc(8, GFP_KERNEL);
		if (!s->rung[i])
			goto undo;
	}
	return 0;
undo:
	while (--i > 0)
		kfree(s->rung[i]);
	return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kzalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

DRIVER_OF(ladder);

static int stile_open(struct vfio_device *vdev)
{
	struct rungs *s = container_of(vdev, struct rungs, vdev);
	int i, ret;

	for (i = 0; i < 4; i++) {
		ret = request_irq(s->vec[i].irq, rung_irq, 0, "stile", s);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	for (i--; i > 0; i--)
		free_irq(s->vec[i].irq, s);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the interrupt taken by 'request_irq' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}
DRIVER_OF(stile);
