// RUN: %check_vfio %s vfio-runs-late %t -gen=6.1,6.2

/* A timer that may run while it is cancelled: tried once, and until it does not. */

#include <linux/hrtimer.h>
#include "Inputs/lives.h"

struct pulse {
	struct vfio_device vdev;
	struct hrtimer beat, echo;
	u32 *rate, *tone;
};

static enum hrtimer_restart pulse_beat(struct hrtimer *timer)
{
	container_of(timer, struct pulse, beat)->rate[0]++;
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart pulse_echo(struct hrtimer *timer)
{
	container_of(timer, struct pulse, echo)->tone[0]++;
	return HRTIMER_NORESTART;
}

static int pulse_open(struct vfio_device *vdev)
{
	struct pulse *s = container_of(vdev, struct pulse, vdev);

	s->rate = kzalloc(64, GFP_KERNEL);
	s->tone = kzalloc(64, GFP_KERNEL);
	if (!s->rate || !s->tone) {
		kfree(s->rate);
		kfree(s->tone);
		return -ENOMEM;
	}
	hrtimer_init(&s->beat, 1, HRTIMER_MODE_REL);
	s->beat.function = pulse_beat;
	hrtimer_init(&s->echo, 1, HRTIMER_MODE_REL);
	s->echo.function = pulse_echo;
	hrtimer_start(&s->beat, 1000, HRTIMER_MODE_REL);
	hrtimer_start(&s->echo, 1000, HRTIMER_MODE_REL);
	return 0;
}

static void pulse_close(struct vfio_device *vdev)
{
	struct pulse *s = container_of(vdev, struct pulse, vdev);

	while (hrtimer_try_to_cancel(&s->beat) < 0)
		s->rate[1]++;
	kfree(s->rate);
	if (hrtimer_try_to_cancel(&s->echo) < 0)
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'echo' is cancelled here, but nothing waits for its end before the structure is freed: 'pulse_echo' can run on freed memory [vfio-runs-late]
		s->tone[1]++;
	kfree(s->tone);
}

static const struct vfio_device_ops pulse_ops = {
	.open_device = pulse_open,
	.close_device = pulse_close,
	.release = plain_release,
};
PLAIN_DRIVER(pulse);
