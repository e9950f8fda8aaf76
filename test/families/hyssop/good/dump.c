// SPDX-License-Identifier: GPL-2.0
#include "hyssop.h"

void debug_dump(struct device *dev)
{
	struct hyssop *a = dev_get_drvdata(dev);

	dev_dbg(dev, "%u\n", a->seen);
	vfio_put_device(&a->vdev);
}
