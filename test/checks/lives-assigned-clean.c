// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* Structures that are assigned as a whole, arrays that a pointer walks. */

#include "Inputs/lives.h"
#include <linux/string.h>

struct pair {
	void *left, *right;
};

struct desk {
	struct vfio_device vdev;
	struct pair drawers;
	void *trays[4];
};

static struct desk *desk_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct desk, vdev);
}

#define TABLE(name)                                                            \
	static const struct vfio_device_ops name##_ops = {                     \
		.open_device = name##_open,                                    \
		.close_device = name##_close,                                  \
	}

static int fill(struct pair *out)
{
	struct pair now = { };

	now.left = kmalloc(8, GFP_KERNEL);
	now.right = kmalloc(8, GFP_KERNEL);
	if (!now.left || !now.right) {
		kfree(now.left);
		kfree(now.right);
		return -ENOMEM;
	}
	*out = now;
	return 0;
}

/* A local's members go into the device's at once. */
static int assign_open(struct vfio_device *vdev)
{
	struct pair now;
	int ret = fill(&now);

	if (ret)
		return ret;
	desk_of(vdev)->drawers = now;
	return 0;
}

static void assign_close(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);
	struct pair old = d->drawers;

	d->drawers = (struct pair){ };
	kfree(old.left);
	kfree(old.right);
}
TABLE(assign);

/* By memcpy(), and away by memset(). */
static int copy_open(struct vfio_device *vdev)
{
	struct pair now;
	int ret = fill(&now);

	if (ret)
		return ret;
	memcpy(&desk_of(vdev)->drawers, &now, sizeof(now));
	return 0;
}

static void copy_close(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);

	kfree(d->drawers.left);
	kfree(d->drawers.right);
	memset(&d->drawers, 0, sizeof(d->drawers));
}
TABLE(copy);

/* What a function returns. */
static struct pair take_pair(void)
{
	struct pair now = { };

	now.left = kmalloc(8, GFP_KERNEL);
	now.right = kmalloc(8, GFP_KERNEL);
	return now;
}

static int return_open(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);
	struct pair now = take_pair();

	if (!now.left || !now.right) {
		kfree(now.left);
		kfree(now.right);
		return -ENOMEM;
	}
	d->drawers = (struct pair){ .left = now.left, .right = now.right };
	return 0;
}

static void return_close(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);

	kfree(d->drawers.left);
	kfree(d->drawers.right);
	d->drawers.left = d->drawers.right = NULL;
}
TABLE(return);

/* What is written by a pointer is written before it is used. */
static int walk_open(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);
	void **at = d->trays, **end = d->trays + 4;

	while (at != end) {
		*at = kmalloc(8, GFP_KERNEL);
		if (!*at)
			goto err;
		at++;
	}
	return 0;

err:
	while (at != d->trays)
		kfree(*--at);
	return -ENOMEM;
}

static void walk_close(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);
	void **at;

	for (at = d->trays; at < d->trays + 4; at++)
		kfree(*at);
}
TABLE(walk);
