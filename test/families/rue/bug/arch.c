// SPDX-License-Identifier: GPL-2.0
#include "rue.h"

void rue_arch_end(struct rue *a)
{
	a->arch = 0;
}
