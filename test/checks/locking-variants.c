// RUN: %check_vfio %s vfio-locking %t -gen=6.2 -expect-clean

/* An unlock of another variant leaves the lock free as well: nobody waits for
 * himself after it. */

#include "Inputs/lives.h"

struct lockgate {
	struct vfio_device vdev;
	spinlock_t lock;
	struct mutex sluice;
	u32 boats;
};

static void lockgate_pass(struct lockgate *s)
{
	spin_lock(&s->lock);
	s->boats++;
	spin_unlock_irq(&s->lock);
}

static long lockgate_ioctl(struct vfio_device *vdev, unsigned int cmd,
			   unsigned long arg)
{
	struct lockgate *s = container_of(vdev, struct lockgate, vdev);

	lockgate_pass(s);
	mutex_lock(&s->sluice);
	lockgate_pass(s);
	mutex_unlock(&s->sluice);
	return 0;
}

static int lockgate_init(struct vfio_device *vdev)
{
	struct lockgate *s = container_of(vdev, struct lockgate, vdev);

	spin_lock_init(&s->lock);
	mutex_init(&s->sluice);
	return 0;
}

static const struct vfio_device_ops lockgate_ops = {
	.init = lockgate_init,
	.ioctl = lockgate_ioctl,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(lockgate);
