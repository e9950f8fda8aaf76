// SPDX-License-Identifier: GPL-2.0
#include "lupin.h"

static void v1_start(struct lupin *l)
{
	l->irqs = 1;
}

static void v1_stop(struct lupin *l)
{
	l->irqs = 0;
}

const struct lupin_hw lupin_hw_v1 = {
	.start	= v1_start,
	.stop	= v1_stop,
};
