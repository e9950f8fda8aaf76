// SPDX-License-Identifier: GPL-2.0
#include "hop.h"

void lock_down(struct hop *h)
{
	if (h->rung)
		lock_step(h);
	else
		pr_debug("down\n");
}
