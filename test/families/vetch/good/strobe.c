// SPDX-License-Identifier: GPL-2.0
#include "vetch.h"

#include <linux/io.h>

void strobe_put(struct vetch *v)
{
	iowrite32(++v->strobe, v->regs + 4);
}
