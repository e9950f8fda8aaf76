// SPDX-License-Identifier: GPL-2.0
#include "speedwell.h"

static atomic_t withdrawn;

void speedwell_withdraw(struct speedwell *s)
{
	atomic_inc(&withdrawn);
}
