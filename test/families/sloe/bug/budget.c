// SPDX-License-Identifier: GPL-2.0
#include "sloe.h"

static atomic_long_t budget = ATOMIC_LONG_INIT(64);

int sloe_borrow(struct sloe *s)
{
	s->pages = 4;
	if (atomic_long_sub_return(s->pages, &budget) >= 0)
		return 0;
	atomic_long_add(s->pages, &budget);
	return -ENOSPC;
}

void sloe_give_back(struct sloe *s)
{
	atomic_long_add(s->pages, &budget);
	vfio_put_device(&s->vdev);
}
