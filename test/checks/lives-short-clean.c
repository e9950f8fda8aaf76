// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* Loops that give back all: to the first, from the second where the first has
 * another place, with a step ahead of the body. */

#include "Inputs/lives.h"

#define DRIVER_OF(name)                                                        \
	struct name {                                                          \
		struct vfio_device vdev;                                       \
		void *rung[4];                                                 \
		void *top;                                                     \
	};                                                                     \
	static int name##_fill(struct name *s);                                \
	static int name##_open(struct vfio_device *vdev)                       \
	{                                                                      \
		return name##_fill(container_of(vdev, struct name, vdev));     \
	}                                                                      \
	static void name##_close(struct vfio_device *vdev)                     \
	{                                                                      \
		struct name *s = container_of(vdev, struct name, vdev);        \
		int i;                                                         \
                                                                               \
		for (i = 0; i < 4; i++) {                                      \
			kfree(s->rung[i]);                                     \
			s->rung[i] = NULL;                                     \
		}                                                              \
	}                                                                      \
	static const struct vfio_device_ops name##_ops = {                     \
		IOMMUFD(emulated),                                             \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	};                                                                     \
	PLAIN_DRIVER(name)

#define FILL(name, begin, back)                                                \
	DRIVER_OF(name);                                                       \
	static int name##_fill(struct name *s)                                 \
	{                                                                      \
		int i;                                                         \
                                                                               \
		for (i = begin; i < 4; i++) {                                  \
			s->rung[i] = kzalloc(8, GFP_KERNEL);                   \
			if (!s->rung[i])                                       \
				goto undo;                                     \
		}                                                              \
		return 0;                                                      \
undo:                                                                          \
		back;                                                          \
		return -ENOMEM;                                                \
	}

FILL(whole, 0, while (--i >= 0) kfree(s->rung[i]));
FILL(second, 1, while (--i > 0) kfree(s->rung[i]));
FILL(after, 0, while (i-- > 0) kfree(s->rung[i]));
FILL(below, 0, for (; i > 0; i--) kfree(s->rung[i - 1]));
FILL(first, 0, while (--i > 0) kfree(s->rung[i]); kfree(s->rung[0]));
