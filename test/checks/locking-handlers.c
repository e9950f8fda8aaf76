// RUN: %check_vfio %s vfio-locking %t -gen=6.1,6.2

/* What an interrupt calls may not sleep; its thread may. */

#include "Inputs/lives.h"

struct siren {
	struct vfio_device vdev;
	struct mutex lock;
	spinlock_t fast;
	int irq;
	u32 hits;
	void *log;
};

static void siren_count(struct siren *s, bool sleeps)
{
	if (sleeps)
		mutex_lock(&s->lock);
	s->hits++;
	if (sleeps)
		mutex_unlock(&s->lock);
}

static irqreturn_t siren_quick(int irq, void *data)
{
	struct siren *s = data;

	siren_count(s, false);
	spin_lock(&s->fast);
	s->log = kzalloc(64, GFP_ATOMIC);
	spin_unlock(&s->fast);
	return IRQ_HANDLED;
}

static irqreturn_t siren_thread(int irq, void *data)
{
	siren_count(data, true);
	return IRQ_HANDLED;
}

static void siren_log(struct siren *s)
{
	mutex_lock(&s->lock);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: this may sleep, but 'siren_slow' is called where nothing may [vfio-locking]
	s->hits++;
	mutex_unlock(&s->lock);
}

static irqreturn_t siren_slow(int irq, void *data)
{
	siren_log(data);
	return IRQ_HANDLED;
}

static irqreturn_t siren_grow(int irq, void *data)
{
	struct siren *s = data;

	s->log = kzalloc(64, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: this may sleep, but 'siren_grow' is called where nothing may [vfio-locking]
	return IRQ_HANDLED;
}

static int siren_open(struct vfio_device *vdev)
{
	struct siren *s = container_of(vdev, struct siren, vdev);
	int ret;

	mutex_init(&s->lock);
	spin_lock_init(&s->fast);
	ret = request_threaded_irq(s->irq, siren_quick, siren_thread, 0, "siren", s);
	if (ret)
		return ret;
	ret = request_irq(s->irq + 1, siren_slow, 0, "siren", s);
	if (ret)
		return ret;
	return request_irq(s->irq + 2, siren_grow, 0, "siren", s);
}

static const struct vfio_device_ops siren_ops = {
	.release = plain_release,
	.open_device = siren_open,
};
PLAIN_DRIVER(siren);
