// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* Parts of the device's structure, each with a lock and memory of its own. */
struct ferry_deck {
	spinlock_t lock;
	struct page *planks;
	u32 head;
};

struct ferry {
	struct vfio_device vdev;
	struct ferry_deck upper, lower;
	bool loaded;
	void *freight;
};

static void ferry_deck_init(struct ferry_deck *d)
{
	spin_lock_init(&d->lock);
}

static int ferry_init(struct vfio_device *vdev)
{
	struct ferry *s = container_of(vdev, struct ferry, vdev);

	ferry_deck_init(&s->upper);
	return 0;
}

static long ferry_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct ferry *s = container_of(vdev, struct ferry, vdev);

	spin_lock(&s->upper.lock);
	s->upper.head++;
	spin_unlock(&s->upper.lock);
	spin_lock(&s->lower.lock);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the lock 'lock' is used, but nothing initialises it [vfio-locking]
	s->lower.head++;
	spin_unlock(&s->lower.lock);
	return 0;
}

/* Freed, and the flag still says that it is there. */
static void ferry_unload(struct ferry *s)
{
	if (!s->loaded)
		return;
	kfree(s->freight);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'freight' still points to what is freed here, and 'ferry_close' uses or frees it again [vfio-given-twice]
// CHECK-MESSAGES: :[[@LINE-2]]:2: warning: 'freight' still points to what is freed here, and 'ferry_write' uses or frees it again [vfio-given-twice]
}

static ssize_t ferry_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ferry *s = container_of(vdev, struct ferry, vdev);

	if (count > 64) {
		ferry_unload(s);
		return 0;
	}
	if (s->loaded)
		return -EBUSY;
	s->freight = kmalloc(64, GFP_KERNEL);
	if (!s->freight)
		return -ENOMEM;
	s->loaded = true;
	return count;
}

static void ferry_close(struct vfio_device *vdev)
{
	ferry_unload(container_of(vdev, struct ferry, vdev));
}

static const struct vfio_device_ops ferry_ops = {
	IOMMUFD(emulated),
	.init = ferry_init,
	.release = plain_release,
	.close_device = ferry_close,
	.ioctl = ferry_ioctl,
	.write = ferry_write,
};
PLAIN_DRIVER(ferry);
