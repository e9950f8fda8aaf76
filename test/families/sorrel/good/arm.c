// SPDX-License-Identifier: GPL-2.0
#include "sorrel.h"

static void sorrel_disarm(void *data)
{
	dev_info(data, "disarmed\n");
}

int sorrel_arm(struct device *dev, struct sorrel *s)
{
	s->armed = true;
	return devm_add_action(dev, sorrel_disarm, dev);
}
