// SPDX-License-Identifier: GPL-2.0
#include "bugle.h"

static void bugle_beat(struct timer_list *t)
{
	struct bugle *x = from_timer(x, t, beat);

	x->count[0]++;
	mod_timer(t, jiffies + HZ);
}

void bugle_begin(struct bugle *x)
{
	timer_setup(&x->beat, bugle_beat, 0);
	mod_timer(&x->beat, jiffies + HZ);
}
