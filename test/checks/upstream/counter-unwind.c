// RUN: %check_vfio %s vfio-init-contract %t -gen=6.1,6.2

/* "vfio/mbochs: Fix missing error unwind of mbochs_used_mbytes": a set-up that
 * fails keeps its share of what all devices have together. */

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct picture {
	struct vfio_device vdev;
	void *pixels;
};

static atomic_t canvas;

static int picture_init(struct vfio_device *vdev)
{
	struct picture *p = container_of(vdev, struct picture, vdev);

	atomic_add(4, &canvas);
	p->pixels = kzalloc(4096, GFP_KERNEL);
	if (!p->pixels)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: {{.*}} is not given back when '.init' fails here
	return 0;
}

static void picture_release(struct vfio_device *vdev)
{
	struct picture *p = container_of(vdev, struct picture, vdev);

	kfree(p->pixels);
	atomic_sub(4, &canvas);
#ifdef FREES
	vfio_free_device(vdev);
#endif
}

const struct vfio_device_ops picture_ops = {
	.name = "picture",
	.init = picture_init,
	.release = picture_release,
};
