// RUN: %check_vfio %s vfio-open-contract %t -gen=6.2

/* What no_free_ptr() hands to a member is the member's to give back. */

#include <linux/cleanup.h>
#include "Inputs/lives.h"

struct print {
	struct vfio_device vdev;
	void *plate, *ink;
};

static int print_open(struct vfio_device *vdev)
{
	struct print *p = container_of(vdev, struct print, vdev);
	void *plate __free(kfree) = kzalloc(64, GFP_KERNEL);
	void *ink __free(kfree) = kzalloc(64, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: the memory taken by 'kzalloc' is never given back: 'print_close' does not, and neither '.release' nor remove does [vfio-open-contract]

	if (!plate || !ink)
		return -ENOMEM;
	p->plate = no_free_ptr(plate);
	p->ink = no_free_ptr(ink);
	return 0;
}

static void print_close(struct vfio_device *vdev)
{
	struct print *p = container_of(vdev, struct print, vdev);

	kfree(p->plate);
	p->plate = NULL;
	p->ink = NULL;
}

static const struct vfio_device_ops print_ops = {
	.open_device = print_open,
	.close_device = print_close,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(print);
