// SPDX-License-Identifier: GPL-2.0
#include "mallow.h"

void mallow_end(struct mallow *a)
{
	a->soft++;
}
