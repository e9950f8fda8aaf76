// SPDX-License-Identifier: GPL-2.0
#include "cicely.h"

struct cicely_ring *cicely_make(void)
{
	struct cicely_ring *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	r->buf = kzalloc(64, GFP_KERNEL);
	if (!r->buf) {
		kfree(r);
		return NULL;
	}
	return r;
}

void cicely_drop(struct cicely_ring *r)
{
	kfree(r);
}
