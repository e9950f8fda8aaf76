// RUN: %check_vfio %s vfio-open-contract %t -gen=6.2

/* What an allocation takes, by the names that the macros of 7.2 have for it. */

#include <linux/slab_tokens.h>
#include "Inputs/lives.h"

struct ledge {
	struct vfio_device vdev;
	void *birds;
	u32 *nests;
};

static int ledge_open(struct vfio_device *vdev)
{
	struct ledge *l = container_of(vdev, struct ledge, vdev);

	l->birds = kzalloc(64, GFP_KERNEL);
	if (!l->birds)
		return -ENOMEM;
	l->nests = kmalloc_array(4, sizeof(u32), GFP_KERNEL);
	if (!l->nests)
		return -ENOMEM;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kzalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	return 0;
}

static void ledge_close(struct vfio_device *vdev)
{
	struct ledge *l = container_of(vdev, struct ledge, vdev);

	kfree(l->nests);
	kfree(l->birds);
}

static const struct vfio_device_ops ledge_ops = {
	.open_device = ledge_open,
	.close_device = ledge_close,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(ledge);
