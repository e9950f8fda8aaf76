// SPDX-License-Identifier: GPL-2.0
#include "samphire.h"

int samphire_enter(struct samphire *s, unsigned long share)
{
	if (share > PAGE_SIZE)
		return -E2BIG;
	mutex_lock(&s->gate);
	if (s->shut)
		return -ENODEV;
	return 0;
}

void samphire_leave(struct samphire *s)
{
	mutex_unlock(&s->gate);
}
