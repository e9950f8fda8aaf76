// RUN: %check_vfio %s vfio-core-rules %t -gen=6.1,6.2 -expect-clean

/* Members that are set after the registration, and that nobody can see
 * before. */

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
		n->watts = 60;                                                 \
		name##_after(n);                                               \
		return 0;                                                      \
	}                                                                      \
	static struct mdev_driver name##_driver = { .probe = name##_probe }

/* .open_device waits for it. */
struct wait {
	struct vfio_device vdev;
	struct completion lit;
	int watts;
};

#define wait_before(n) init_completion(&(n)->lit)
#define wait_failed(n)
#define wait_after(n) complete_all(&(n)->lit)

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

/* The callback itself asks for it. */
struct asked {
	struct vfio_device vdev;
	bool lit;
	int watts;
};

#define asked_before(n)
#define asked_failed(n)
#define asked_after(n) WRITE_ONCE((n)->lit, true)

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

/* Probe keeps the lock that the callback wants. */
struct locked {
	struct vfio_device vdev;
	struct mutex lock;
	int watts;
};

#define locked_before(n)                                                       \
	do {                                                                   \
		mutex_init(&(n)->lock);                                        \
		mutex_lock(&(n)->lock);                                        \
	} while (0)
#define locked_failed(n) mutex_unlock(&(n)->lock)
#define locked_after(n) mutex_unlock(&(n)->lock)

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
