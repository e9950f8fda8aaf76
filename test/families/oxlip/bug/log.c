// SPDX-License-Identifier: GPL-2.0
#include "oxlip.h"

void oxlip_log_end(struct oxlip *o)
{
	kvfree(o->log);
	kvfree(o);
}
