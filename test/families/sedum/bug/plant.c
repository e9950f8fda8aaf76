// SPDX-License-Identifier: GPL-2.0
#include "sedum.h"

struct sedum *sedum_plant(struct device *dev)
{
	struct sedum *s = sedum_seed(dev);

	if (!s)
		dev_err(dev, "no seed\n");
	return s;
}
