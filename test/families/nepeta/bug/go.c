// SPDX-License-Identifier: GPL-2.0
#include "nepeta.h"

static struct nepeta *going;

static void nepeta_gone(struct work_struct *work)
{
	going = NULL;
}
static DECLARE_WORK(nepeta_work, nepeta_gone);

void nepeta_go(struct nepeta *n)
{
	going = n;
	schedule_work(&nepeta_work);
	flush_work(&nepeta_work);
}
