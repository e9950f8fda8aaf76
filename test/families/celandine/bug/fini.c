// SPDX-License-Identifier: GPL-2.0
#include "celandine.h"

void fini_store(struct celandine *c)
{
	pr_debug("%zu bytes\n", c->size);
	c->size = 0;
}
