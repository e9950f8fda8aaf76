// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2

/* Structures that are assigned as a whole, and kept. */

#include "Inputs/lives.h"
#include <linux/string.h>

struct pair {
	void *left, *right;
};

struct desk {
	struct vfio_device vdev;
	struct pair drawers;
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

/* What was copied is still there, and is not given back. */
static int keep_open(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);
	struct pair now;
	int ret = fill(&now);

	if (ret)
		return ret;
	d->drawers = now;
	ret = vdev->dev ? 0 : -ENODEV;
	if (ret)
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kmalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	return 0;
}

static void keep_close(struct vfio_device *vdev)
{
	struct desk *d = desk_of(vdev);

	kfree(d->drawers.left);
	kfree(d->drawers.right);
	memset(&d->drawers, 0, sizeof(d->drawers));
}
TABLE(keep);
