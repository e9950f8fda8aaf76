// SPDX-License-Identifier: GPL-2.0
#include "chive.h"

void __chive_fade(struct chive *c)
{
	c->stem = 1;
}
