// SPDX-License-Identifier: GPL-2.0
#include <linux/vfio.h>

struct clover;

void clover_idle(struct clover *a);
void clover_guest_gone(struct vfio_device *guest);

static noinline void clover_end(struct vfio_device *guest)
{
	vfio_put_device(guest);
}

void clover_guest_gone(struct vfio_device *guest)
{
	clover_end(guest);
}

void clover_idle(struct clover *a)
{
	pr_debug("%p is idle\n", a);
}
