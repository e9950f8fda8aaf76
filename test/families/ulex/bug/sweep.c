// SPDX-License-Identifier: GPL-2.0
#include "ulex.h"

void uuid_sweep(struct list_head *all)
{
	struct ulex *u, *next;

	list_for_each_entry_safe(u, next, all, link) {
		list_del(&u->link);
		vfio_unregister_group_dev(&u->vdev);
	}
}
