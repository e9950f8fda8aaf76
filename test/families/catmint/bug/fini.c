// SPDX-License-Identifier: GPL-2.0
#include "catmint.h"

void fini_store(struct catmint *c)
{
	memset(c->store, 0, c->size);
}
