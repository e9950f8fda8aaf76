// RUN: %check_vfio %s vfio-missing-release %t -gen=6.2

/* From 6.2 on .release is optional. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/vfio.h>

struct toaster {
	struct vfio_device vdev;
};

static const struct vfio_device_ops toaster_ops = {
	.name = "toaster",
};

static int toaster_probe(struct mdev_device *mdev)
{
	struct toaster *t;

	t = vfio_alloc_device(toaster, vdev, &mdev->dev, &toaster_ops);
	if (IS_ERR(t))
		return PTR_ERR(t);
	vfio_put_device(&t->vdev);
	return 0;
}

static struct mdev_driver toaster_driver = { .probe = toaster_probe };
