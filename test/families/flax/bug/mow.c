// SPDX-License-Identifier: GPL-2.0
#include "flax.h"

void flax_mow(struct list_head *field)
{
	struct flax *f, *next;

	list_for_each_entry_safe(f, next, field, link) {
		list_del(&f->link);
		vfio_put_device(&f->vdev);
	}
}
