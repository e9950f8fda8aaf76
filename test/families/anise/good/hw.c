// SPDX-License-Identifier: GPL-2.0
#include "anise.h"

static void anise_quit(struct anise *a)
{
	a->lamp = 0;
	vfio_put_device(&a->vdev);
}

static const struct anise_hw anise_v1 = {
	.quit = anise_quit,
};

const struct anise_hw *anise_hw(void)
{
	return &anise_v1;
}
