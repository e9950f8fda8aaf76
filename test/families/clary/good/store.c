// SPDX-License-Identifier: GPL-2.0
#include "clary.h"

int init_store(struct clary *c)
{
	c->size = PAGE_SIZE;
	c->store = kzalloc(c->size, GFP_KERNEL);
	return c->store ? 0 : -ENOMEM;
}
