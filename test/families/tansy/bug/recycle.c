// SPDX-License-Identifier: GPL-2.0
#include "tansy.h"

void tansy_recycle(struct tansy *t)
{
	pr_debug("bank %u is free\n", t->bank);
	kfree(t);
}
