// SPDX-License-Identifier: GPL-2.0
#include "sorrel.h"

static void sorrel_disarm(void *data)
{
	vfio_put_device(data);
}

int sorrel_arm(struct device *dev, struct sorrel *s)
{
	s->armed = true;
	return devm_add_action(dev, sorrel_disarm, &s->vdev);
}
