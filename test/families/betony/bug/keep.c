// SPDX-License-Identifier: GPL-2.0
#include "betony.h"

static struct betony *only;

int betony_keep(struct betony *b)
{
	return cmpxchg(&only, NULL, b) ? -EBUSY : 0;
}

void betony_forget(void)
{
	only = NULL;
}
