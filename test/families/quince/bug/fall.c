// SPDX-License-Identifier: GPL-2.0
#include "quince.h"

int quince_fall(struct quince *q, int why)
{
	pr_info("quince: slot %u: %d\n", q->slot, why);
	return why;
}
