// RUN: %check_vfio %s vfio-lifecycle %t -gen=5.15,6.1,6.2

/* "drm/i915/gvt: Add missing vfio_unregister_group_dev() call": the remove
 * function ended the device without taking it from user space. */

#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct screen {
	struct vfio_device vdev;
	int depth;
};

extern const struct vfio_device_ops screen_ops;

static void screen_dim(struct screen *s)
{
	s->depth = 0;
}

static struct screen *screen_make(struct device *dev)
{
#ifdef vfio_alloc_device
	return vfio_alloc_device(screen, vdev, dev, &screen_ops);
#else
	struct screen *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return ERR_PTR(-ENOMEM);
	vfio_init_group_dev(&s->vdev, dev, &screen_ops);
	return s;
#endif
}

static void screen_end(struct screen *s)
{
#ifdef vfio_alloc_device
	vfio_put_device(&s->vdev);
// CHECK-MESSAGES-61: :[[@LINE-1]]:2: warning: '&s->vdev' is put while it is registered
// CHECK-MESSAGES-62: :[[@LINE-2]]:2: warning: '&s->vdev' is put while it is registered
#else
	vfio_uninit_group_dev(&s->vdev);
// CHECK-MESSAGES-515: :[[@LINE-1]]:2: warning: '&s->vdev' is uninitialised while it is registered
	kfree(s);
#endif
}

static int screen_probe(struct mdev_device *mdev)
{
	struct screen *s = screen_make(&mdev->dev);
	int ret;

	if (IS_ERR(s))
		return PTR_ERR(s);
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_group_dev(&s->vdev);
	if (ret)
		screen_end(s);
	return ret;
}

static void screen_remove(struct mdev_device *mdev)
{
	struct screen *s = dev_get_drvdata(&mdev->dev);

	screen_dim(s);
	screen_end(s);
}

struct mdev_driver screen_driver = {
	.probe = screen_probe,
	.remove = screen_remove,
};
