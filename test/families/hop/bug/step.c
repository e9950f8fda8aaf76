// SPDX-License-Identifier: GPL-2.0
#include "hop.h"

void lock_step(struct hop *h)
{
	h->rung--;
	lock_down(h);
}
