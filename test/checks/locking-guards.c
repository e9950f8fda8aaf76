// RUN: %check_vfio %s vfio-locking %t -gen=6.2

/* guard() holds until the end of its scope. */

#include "Inputs/lives.h"

struct weir {
	struct vfio_device vdev;
	struct mutex gate;
	struct mutex sill;
	struct eventfd_ctx *trigger;
};

static struct weir *weir_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct weir, vdev);
}

static void weir_clear(struct weir *s)
{
	if (s->trigger)
		eventfd_ctx_put(s->trigger);
	s->trigger = NULL;
}

static long weir_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct weir *s = weir_of(vdev);
	struct eventfd_ctx *ctx;

	switch (cmd) {
	case 1:
		ctx = eventfd_ctx_fdget((int)arg);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
		scoped_guard(mutex, &s->gate) {
			weir_clear(s);
			s->trigger = ctx;
		}
		return 0;
	case 2:
		weir_clear(s);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'trigger' is changed without 'gate', which is held where it is used otherwise [vfio-locking]
		return 0;
	}
	return -ENOTTY;
}

static ssize_t weir_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct weir *s = weir_of(vdev);

	guard(mutex)(&s->sill);
	if (count)
		return 0;
	guard(mutex)(&s->sill);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: this lock is held already: it waits for itself [vfio-locking]
	return 1;
}

static ssize_t weir_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct weir *s = weir_of(vdev);

	scoped_guard(mutex, &s->sill) {
		if (!count)
			return 0;
	}
	guard(mutex)(&s->sill);
	return count;
}

static void weir_close(struct vfio_device *vdev)
{
	struct weir *s = weir_of(vdev);

	guard(mutex)(&s->gate);
	weir_clear(s);
}

static int weir_init(struct vfio_device *vdev)
{
	mutex_init(&weir_of(vdev)->gate);
	mutex_init(&weir_of(vdev)->sill);
	return 0;
}

static const struct vfio_device_ops weir_ops = {
	IOMMUFD(emulated),
	.init = weir_init,
	.close_device = weir_close,
	.ioctl = weir_ioctl,
	.read = weir_read,
	.write = weir_write,
};
PLAIN_DRIVER(weir);
