// SPDX-License-Identifier: GPL-2.0
#include "clover.h"

void clover_end(struct clover *a)
{
	clover_idle(a);
}
