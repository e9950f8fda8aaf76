// SPDX-License-Identifier: GPL-2.0
#include "chervil.h"

int init_store(struct chervil *c)
{
	c->size = PAGE_SIZE;
	c->store = kzalloc(c->size, GFP_KERNEL);
	return c->store ? 0 : -ENOMEM;
}
