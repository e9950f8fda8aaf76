// SPDX-License-Identifier: GPL-2.0
#include "fern.h"

int fern_done(struct fern *f, int ret)
{
	if (ret < 0)
		f->frond = 0;
	return ret;
}
