// SPDX-License-Identifier: GPL-2.0
#include "teasel.h"

#include <linux/io.h>

void teasel_unwind(struct teasel *t)
{
	t->mode = 0;
	if (t->base)
		writel(0, t->base + 0x10);
	vfio_put_device(&t->vdev);
}
