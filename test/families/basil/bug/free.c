// SPDX-License-Identifier: GPL-2.0
#include "basil.h"

void basil_free(struct basil *b)
{
	b->leaf = 0;
}
