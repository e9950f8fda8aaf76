// RUN: %check_vfio %s vfio-locking %t -gen=6.1,6.2

#include "Inputs/lives.h"

struct organ {
	struct vfio_device vdev;
	struct mutex lock;
	struct mutex other;
	spinlock_t spin;
	u8 *pipes;
	u8 *bellows;
	bool on;
};

static struct organ *organ_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct organ, vdev);
}

static void organ_off(struct organ *s)
{
	kfree(s->pipes);
	s->pipes = NULL;
	s->on = false;
}

static long organ_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct organ *s = organ_of(vdev);

	if (arg) {
		mutex_lock(&s->lock);
		s->pipes = kcalloc(4, sizeof(*s->pipes), GFP_KERNEL);
		s->on = s->pipes;
		mutex_unlock(&s->lock);
	} else if (s->on) {
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: 'on' is changed without 'lock', which is held where it is used otherwise [vfio-locking]
		organ_off(s);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'pipes' is changed without 'lock', which is held where it is used otherwise [vfio-locking]
	}
	return 0;
}

/* A lock for good, and one that waits for itself. */
static void organ_wind(struct organ *s)
{
	mutex_lock(&s->lock);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: this lock is held already: it waits for itself [vfio-locking]
	s->bellows[0]++;
	mutex_unlock(&s->lock);
}

static ssize_t organ_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct organ *s = organ_of(vdev);

	mutex_lock(&s->lock);
	if (!s->bellows)
		return -EINVAL;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'organ_read' returns with the lock held [vfio-locking]
	organ_wind(s);
	mutex_unlock(&s->lock);
	return 0;
}

static ssize_t organ_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct organ *s = organ_of(vdev);

	mutex_lock(&s->other);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the lock 'other' is used, but nothing initialises it [vfio-locking]
	mutex_unlock(&s->other);
	spin_lock(&s->spin);
	s->bellows = kzalloc(64, GFP_ATOMIC);
	if (!s->bellows)
		s->bellows = vmalloc(64);
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this may sleep, but a spinlock is held [vfio-locking]
	spin_unlock(&s->spin);
	return count;
}

static void organ_close(struct vfio_device *vdev)
{
	struct organ *s = organ_of(vdev);

	mutex_lock(&s->lock);
	organ_off(s);
	mutex_unlock(&s->lock);
}

static int organ_init(struct vfio_device *vdev)
{
	struct organ *s = organ_of(vdev);

	mutex_init(&s->lock);
	spin_lock_init(&s->spin);
	s->on = false;
	return 0;
}

static const struct vfio_device_ops organ_ops = {
	IOMMUFD(emulated),
	.init = organ_init,
	.release = plain_release,
	.close_device = organ_close,
	.read = organ_read,
	.write = organ_write,
	.ioctl = organ_ioctl,
};
PLAIN_DRIVER(organ);

/* Right. */
struct flute {
	struct vfio_device vdev;
	struct mutex key;
	spinlock_t fast;
	u8 *air;
	bool off;
};

static long flute_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct flute *s = container_of(vdev, struct flute, vdev);
	u8 *air = vmalloc(64);
	unsigned long flags;
	long ret = 0;

	if (!air)
		return -ENOMEM;
	if (mutex_lock_interruptible(&s->key)) {
		vfree(air);
		return -EINTR;
	}
	if (s->off) {
		ret = -EBUSY;
		goto out;
	}
	s->off = true;
	spin_lock_irqsave(&s->fast, flags);
	s->air = air;
	spin_unlock_irqrestore(&s->fast, flags);
	air = NULL;
out:
	mutex_unlock(&s->key);
	vfree(air);
	return ret;
}

/* A lock for the caller, whom the result tells; and the other way round. */
int flute_begin(struct flute *s)
{
	mutex_lock(&s->key);
	if (!s->off)
		return 0;
	mutex_unlock(&s->key);
	return -EBUSY;
}

void flute_end(struct flute *s)
{
	mutex_unlock(&s->key);
}

int flute_try(struct flute *s)
{
	mutex_lock(&s->key);
	if (s->off)
		return -EBUSY;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'flute_try' returns with the lock held [vfio-locking]
	mutex_unlock(&s->key);
	return 0;
}

static void flute_close(struct vfio_device *vdev)
{
	struct flute *s = container_of(vdev, struct flute, vdev);

	mutex_lock(&s->key);
	s->off = false;
	vfree(s->air);
	s->air = NULL;
	mutex_unlock(&s->key);
}

static int flute_init(struct vfio_device *vdev)
{
	struct flute *s = container_of(vdev, struct flute, vdev);

	mutex_init(&s->key);
	spin_lock_init(&s->fast);
	return 0;
}

static const struct vfio_device_ops flute_ops = {
	IOMMUFD(emulated),
	.init = flute_init,
	.release = plain_release,
	.close_device = flute_close,
	.ioctl = flute_ioctl,
};
PLAIN_DRIVER(flute);
