// SPDX-License-Identifier: GPL-2.0
#include "bindweed.h"

void test_leaf(struct bindweed *b, int depth)
{
	if (!depth)
		return;
	b->level[depth - 1] = 0;
	test_leaf(b, depth - 1);
}
