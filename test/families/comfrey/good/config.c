// SPDX-License-Identifier: GPL-2.0
#include "comfrey.h"

int copy_config(struct comfrey *c, const void *from, size_t len)
{
	if (len > sizeof(c->config))
		return -E2BIG;
	memcpy(c->config, from, len);
	return 0;
}
