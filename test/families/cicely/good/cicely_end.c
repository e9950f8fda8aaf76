// SPDX-License-Identifier: GPL-2.0
#include "cicely.h"

void cicely_empty(struct cicely_ring *r)
{
	kfree(r->buf);
}
