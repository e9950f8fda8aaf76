// SPDX-License-Identifier: GPL-2.0
#include "thrift.h"

void trace_gone(const struct thrift *t)
{
	pr_debug("thrift %u is gone\n", t->serial);
}
