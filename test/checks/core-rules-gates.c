// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2

/* Members that are set after the registration, and what does not keep others
 * from them. */

#include <linux/completion.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include "Inputs/iommufd.h"

#define DRIVER(name)                                                           \
	static const struct vfio_device_ops name##_ops = {                     \
		IOMMUFD(emulated),                                             \
		.open_device = name##_open,                                    \
		.ioctl = name##_ioctl,                                         \
	};                                                                     \
	static int name##_probe(struct mdev_device *mdev)                      \
	{                                                                      \
		struct name *n;                                                \
		int ret;                                                       \
                                                                               \
		n = vfio_alloc_device(name, vdev, &mdev->dev, &name##_ops);    \
		if (IS_ERR(n))                                                 \
			return PTR_ERR(n);                                     \
		name##_before(n);                                              \
		dev_set_drvdata(&mdev->dev, n);                                \
		ret = vfio_register_emulated_iommu_dev(&n->vdev);              \
		if (ret) {                                                     \
			name##_failed(n);                                      \
			vfio_put_device(&n->vdev);                             \
			return ret;                                            \
		}                                                              \
		name##_set(n);                                                 \
		return 0;                                                      \
	}                                                                      \
	static struct mdev_driver name##_driver = { .probe = name##_probe }

/* What .open_device waits for comes first. */
struct wait {
	struct vfio_device vdev;
	struct completion lit;
	int watts;
};

#define wait_before(n) init_completion(&(n)->lit)
#define wait_failed(n)

static void wait_set(struct wait *n)
{
	complete_all(&n->lit);
	n->watts = 60;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'watts' is set after the device was registered, but 'wait_ioctl', which user space can call by then, uses it [vfio-core-rules]
}

static int wait_open(struct vfio_device *vdev)
{
	wait_for_completion(&container_of(vdev, struct wait, vdev)->lit);
	return 0;
}

static long wait_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	return container_of(vdev, struct wait, vdev)->watts;
}
DRIVER(wait);

/* What the callback asks says nothing of it yet. */
struct asked {
	struct vfio_device vdev;
	bool lit;
	int watts;
};

#define asked_before(n)
#define asked_failed(n)

static void asked_set(struct asked *n)
{
	WRITE_ONCE(n->lit, true);
	n->watts = 60;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'watts' is set after the device was registered, but 'asked_ioctl', which user space can call by then, uses it [vfio-core-rules]
}

static int asked_open(struct vfio_device *vdev)
{
	return 0;
}

static long asked_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct asked *a = container_of(vdev, struct asked, vdev);

	if (!READ_ONCE(a->lit))
		return -EAGAIN;
	return a->watts;
}
DRIVER(asked);

/* Whoever calls first has the lock. */
struct locked {
	struct vfio_device vdev;
	struct mutex lock;
	int watts;
};

#define locked_before(n) mutex_init(&(n)->lock)
#define locked_failed(n)

static void locked_set(struct locked *n)
{
	mutex_lock(&n->lock);
	n->watts = 60;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'watts' is set after the device was registered, but 'locked_ioctl', which user space can call by then, uses it [vfio-core-rules]
	mutex_unlock(&n->lock);
}

static int locked_open(struct vfio_device *vdev)
{
	return 0;
}

static long locked_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct locked *l = container_of(vdev, struct locked, vdev);
	long watts;

	mutex_lock(&l->lock);
	watts = l->watts;
	mutex_unlock(&l->lock);
	return watts;
}
DRIVER(locked);
