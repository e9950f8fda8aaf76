// RUN: %check_vfio %s vfio-runs-late %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* Nobody stops these. */
struct kiln {
	struct vfio_device vdev;
	struct work_struct fire;
	struct timer_list tick;
	u32 heat;
};

static void kiln_fire(struct work_struct *work)
{
	container_of(work, struct kiln, fire)->heat++;
}

static void kiln_tick(struct timer_list *t)
{
	struct kiln *s = container_of(t, struct kiln, tick);

	s->heat--;
	mod_timer(&s->tick, 100);
}

static int kiln_init(struct vfio_device *vdev)
{
	struct kiln *s = container_of(vdev, struct kiln, vdev);

	INIT_WORK(&s->fire, kiln_fire);
	timer_setup(&s->tick, kiln_tick, 0);
	mod_timer(&s->tick, 100);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'tick' is armed here, and nothing stops it before the structure is freed: 'kiln_tick' can run on freed memory [vfio-runs-late]
	return 0;
}

static long kiln_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	schedule_work(&container_of(vdev, struct kiln, vdev)->fire);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'fire' is armed here, and nothing stops it before the structure is freed: 'kiln_fire' can run on freed memory [vfio-runs-late]
	return 0;
}

static const struct vfio_device_ops kiln_ops = {
	IOMMUFD(emulated),
	.init = kiln_init,
	.release = plain_release,
	.ioctl = kiln_ioctl,
};
PLAIN_DRIVER(kiln);

/* Stopped, but late. */
struct mill {
	struct vfio_device vdev;
	struct delayed_work turn;
	u8 *grain;
	u8 *sack;
	u8 *lamp;
	int line;
};

static void mill_turn(struct work_struct *work)
{
	struct mill *s = container_of(work, struct mill, turn.work);

	s->grain[0] = s->sack[0];
}

static irqreturn_t mill_ring(int irq, void *data)
{
	((struct mill *)data)->lamp[0]++;
	return IRQ_HANDLED;
}

static int mill_open(struct vfio_device *vdev)
{
	struct mill *s = container_of(vdev, struct mill, vdev);

	INIT_DELAYED_WORK(&s->turn, mill_turn);
	return request_irq(s->line, mill_ring, 0, "mill", s);
}

static void mill_stop(struct mill *s)
{
	cancel_delayed_work_sync(&s->turn);
}

static void mill_close(struct vfio_device *vdev)
{
	struct mill *s = container_of(vdev, struct mill, vdev);

	kfree(s->lamp);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'lamp' is freed while 'mill_ring', which uses it, can still run [vfio-runs-late]
	free_irq(s->line, s);
	kfree(s->grain);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'grain' is freed while 'mill_turn', which uses it, can still run [vfio-runs-late]
	mill_stop(s);
	kfree(s->sack);
}

static ssize_t mill_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	schedule_delayed_work(&container_of(vdev, struct mill, vdev)->turn, 1);
	return count;
}

static const struct vfio_device_ops mill_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = mill_open,
	.close_device = mill_close,
	.write = mill_write,
};
PLAIN_DRIVER(mill);
