// SPDX-License-Identifier: GPL-2.0
#include "bugle.h"

void bugle_end(struct bugle *x)
{
	del_timer_sync(&x->beat);
}
