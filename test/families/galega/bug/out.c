// SPDX-License-Identifier: GPL-2.0
#include "galega.h"

void copy_out(struct galega *g)
{
	g->vf_id = 0;
}
