// RUN: %check_vfio %s vfio-runs-late,vfio-locking %t -gen=6.1,6.2

/* What stands in parts of the structure, and in arrays of them. */

#include "Inputs/lives.h"

struct choir {
	struct vfio_device vdev;
	struct {
		struct work_struct sing, hum;
		spinlock_t loft, nave;
		u32 breath;
	} voice[4];
};

static void choir_sing(struct work_struct *work)
{
}

static long choir_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct choir *s = container_of(vdev, struct choir, vdev);

	spin_lock(&s->voice[cmd & 3].loft);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the lock 'loft' is used, but nothing initialises it [vfio-locking]
	s->voice[cmd & 3].breath++;
	spin_unlock(&s->voice[cmd & 3].loft);
	spin_lock(&s->voice[cmd & 3].nave);
	spin_unlock(&s->voice[cmd & 3].nave);
	schedule_work(&s->voice[cmd & 3].hum);
	schedule_work(&s->voice[cmd & 3].sing);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'sing' is armed here, and nothing stops it before the structure is freed: 'choir_sing' can run on freed memory [vfio-runs-late]
	return 0;
}

static void choir_close(struct vfio_device *vdev)
{
	struct choir *s = container_of(vdev, struct choir, vdev);
	int i;

	for (i = 0; i < 4; i++)
		cancel_work_sync(&s->voice[i].hum);
}

static int choir_init(struct vfio_device *vdev)
{
	struct choir *s = container_of(vdev, struct choir, vdev);
	int i;

	for (i = 0; i < 4; i++) {
		INIT_WORK(&s->voice[i].sing, choir_sing);
		INIT_WORK(&s->voice[i].hum, choir_sing);
		spin_lock_init(&s->voice[i].nave);
	}
	return 0;
}

static const struct vfio_device_ops choir_ops = {
	IOMMUFD(emulated),
	.init = choir_init,
	.release = plain_release,
	.close_device = choir_close,
	.ioctl = choir_ioctl,
};
PLAIN_DRIVER(choir);
