// SPDX-License-Identifier: GPL-2.0
#include "myrtle.h"

int memory_get(struct myrtle *m)
{
	m->window_size = PAGE_SIZE;
	m->window = kzalloc(m->window_size, GFP_KERNEL);
	return m->window ? 0 : -ENOMEM;
}

void memory_put(struct myrtle *m)
{
	kfree(m->window);
	m->window = NULL;
}
