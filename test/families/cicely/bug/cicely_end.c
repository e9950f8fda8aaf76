// SPDX-License-Identifier: GPL-2.0
#include "cicely.h"

void cicely_empty(struct cicely_ring *r)
{
	r->used = 0;
}
