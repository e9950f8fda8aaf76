// SPDX-License-Identifier: GPL-2.0
#include "broom.h"

struct broom *broom_pop(struct list_head *all)
{
	struct broom *first = list_first_entry_or_null(all, struct broom, link);

	if (first) {
		list_del(&first->link);
		vfio_unregister_group_dev(&first->vdev);
	}
	return first;
}
