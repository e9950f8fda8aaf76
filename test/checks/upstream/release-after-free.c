// RUN: %check_vfio %s vfio-release-contract %t -gen=6.1

/* What the review of v3 of "Tidy up vfio_device life cycle" found in two of
 * the sample drivers: the release frees the structure, then gives back a share
 * of a counter, whose size it reads from the structure. */

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct cellar {
	struct vfio_device vdev;
	int bottles;
	void *label;
};

static atomic_t room_left;

static int cellar_init(struct vfio_device *vdev)
{
	struct cellar *c = container_of(vdev, struct cellar, vdev);

	c->label = kzalloc(16, GFP_KERNEL);
	if (!c->label)
		return -ENOMEM;
	c->bottles = 12;
	atomic_sub(12, &room_left);
	return 0;
}

static void cellar_release(struct vfio_device *vdev)
{
	struct cellar *c = container_of(vdev, struct cellar, vdev);

	kfree(c->label);
	vfio_free_device(vdev);
	atomic_add(c->bottles, &room_left);
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the structure is used after '.release' has freed it
}

const struct vfio_device_ops cellar_ops = {
	.name = "cellar",
	.init = cellar_init,
	.release = cellar_release,
};
