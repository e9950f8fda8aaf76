// RUN: %check_vfio %s vfio-locking %t -gen=6.1,6.2

/* A pointer that others replace and free under a lock is used without. */

#include "Inputs/lives.h"
#include <linux/uaccess.h>

struct bell {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *clapper;
	u8 *rope;
};

static struct bell *bell_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct bell, vdev);
}

static long bell_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct bell *s = bell_of(vdev);
	u8 *rope = kzalloc(8, GFP_KERNEL);

	if (!rope)
		return -ENOMEM;
	mutex_lock(&s->lock);
	kfree(s->rope);
	s->rope = rope;
	mutex_unlock(&s->lock);
	return 0;
}

static ssize_t bell_read(struct vfio_device *vdev, char __user *buf,
			 size_t count, loff_t *ppos)
{
	struct bell *s = bell_of(vdev);
	ssize_t ret = -ENODEV;

	mutex_lock(&s->lock);
	if (s->rope)
		ret = s->rope[0];
	mutex_unlock(&s->lock);
	return ret;
}

static ssize_t bell_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct bell *s = bell_of(vdev);

	if (copy_from_user(s->rope, buf, 8))
// CHECK-MESSAGES: :[[@LINE-1]]:24: warning: 'rope' is used without 'lock', which is held where it is changed [vfio-locking]
		return -EFAULT;
	return count;
}

static int bell_init(struct vfio_device *vdev)
{
	mutex_init(&bell_of(vdev)->lock);
	return 0;
}

static void bell_release(struct vfio_device *vdev)
{
	kfree(bell_of(vdev)->rope);
	END(vdev);
}

static const struct vfio_device_ops bell_ops = {
	IOMMUFD(emulated),
	.init = bell_init,
	.release = bell_release,
	.ioctl = bell_ioctl,
	.read = bell_read,
	.write = bell_write,
};
PLAIN_DRIVER(bell);
