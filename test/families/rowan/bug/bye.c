// SPDX-License-Identifier: GPL-2.0
#include "rowan.h"

void rowan_bye(struct vfio_device *core)
{
	dev_info(core->dev, "bye\n");
	vfio_put_device(core);
}
