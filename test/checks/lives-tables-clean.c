// RUN: %check_vfio %s vfio-open-contract,vfio-core-rules %t -gen=6.1,6.2 -expect-clean

/* The same, given back: by the table's own function, by one of several, by one
 * that is not shown. */

#include "Inputs/lives.h"

#define DRIVER_OF(name)                                                        \
	struct name {                                                          \
		struct vfio_device vdev;                                       \
		const struct name##_gear *gear;                                \
		int line;                                                      \
	};                                                                     \
	struct name##_gear {                                                   \
		void (*stop)(struct name *s);                                  \
	};                                                                     \
	static void name##_stop(struct name *s)                                \
	{                                                                      \
		free_irq(s->line, s);                                          \
	}                                                                      \
	static irqreturn_t name##_irq(int irq, void *data)                     \
	{                                                                      \
		return IRQ_HANDLED;                                            \
	}                                                                      \
	static int name##_open(struct vfio_device *vdev)                       \
	{                                                                      \
		struct name *s = container_of(vdev, struct name, vdev);        \
                                                                               \
		return request_irq(s->line, name##_irq, 0, #name, s);          \
	}                                                                      \
	static void name##_close(struct vfio_device *vdev);                    \
	static const struct vfio_device_ops name##_ops = {                     \
		IOMMUFD(emulated),                                             \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	};                                                                     \
	PLAIN_DRIVER(name)

/* By name. */
DRIVER_OF(lever);
static const struct lever_gear lever_gear = { .stop = lever_stop };
static void lever_close(struct vfio_device *vdev)
{
	lever_gear.stop(container_of(vdev, struct lever, vdev));
}

/* By a pointer to one of two. */
DRIVER_OF(winch);
static void winch_hold(struct winch *s)
{
}
static const struct winch_gear winch_gears[] = {
	{ .stop = winch_hold },
	{ .stop = winch_stop },
};
static void winch_close(struct vfio_device *vdev)
{
	struct winch *s = container_of(vdev, struct winch, vdev);

	s->gear = &winch_gears[s->line & 1];
	s->gear->stop(s);
}

/* By something that comes from elsewhere. */
DRIVER_OF(hoist);
extern const struct hoist_gear *hoist_gear_of(struct hoist *s);
static void hoist_close(struct vfio_device *vdev)
{
	struct hoist *s = container_of(vdev, struct hoist, vdev);

	s->gear = hoist_gear_of(s);
	s->gear->stop(s);
}
