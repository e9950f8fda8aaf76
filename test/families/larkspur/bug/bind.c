// SPDX-License-Identifier: GPL-2.0
#include "larkspur.h"

static void larkspur_wilt(void *data)
{
	struct larkspur *l = data;

	vfio_put_device(&l->vdev);
}

int larkspur_bind(struct device *dev, struct larkspur *l)
{
	return devm_add_action_or_reset(dev, larkspur_wilt, l);
}
