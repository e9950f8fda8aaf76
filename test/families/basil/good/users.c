// SPDX-License-Identifier: GPL-2.0
#include "basil.h"

static void basil_last(struct kref *users)
{
	basil_free(container_of(users, struct basil, users));
}

void basil_drop(struct basil *b)
{
	kref_put(&b->users, basil_last);
}
