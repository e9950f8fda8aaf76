// RUN: %check_vfio %s vfio-runs-late %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* The end of the queue does not end the timer of a delayed work. */
struct wheel {
	struct vfio_device vdev;
	struct workqueue_struct *wq;
	struct delayed_work turn;
	struct work_struct stop;
	u32 turns;
};

static void wheel_turn(struct work_struct *work)
{
	container_of(work, struct wheel, turn.work)->turns++;
}

static void wheel_stop(struct work_struct *work)
{
	container_of(work, struct wheel, stop)->turns = 0;
}

static int wheel_init(struct vfio_device *vdev)
{
	struct wheel *s = container_of(vdev, struct wheel, vdev);

	s->wq = alloc_workqueue("wheel", 0, 0);
	if (!s->wq)
		return -ENOMEM;
	INIT_DELAYED_WORK(&s->turn, wheel_turn);
	INIT_WORK(&s->stop, wheel_stop);
	return 0;
}

static long wheel_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct wheel *s = container_of(vdev, struct wheel, vdev);

	queue_work(s->wq, &s->stop);
	schedule_delayed_work(&s->turn, 100);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'turn' is armed here, and nothing stops it before the structure is freed: 'wheel_turn' can run on freed memory [vfio-runs-late]
	return 0;
}

static void wheel_release(struct vfio_device *vdev)
{
	destroy_workqueue(container_of(vdev, struct wheel, vdev)->wq);
	END(vdev);
}

static const struct vfio_device_ops wheel_ops = {
	IOMMUFD(emulated),
	.init = wheel_init,
	.release = wheel_release,
	.ioctl = wheel_ioctl,
};
PLAIN_DRIVER(wheel);
