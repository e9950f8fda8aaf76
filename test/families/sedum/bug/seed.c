// SPDX-License-Identifier: GPL-2.0
#include "sedum.h"

struct sedum *sedum_seed(struct device *dev)
{
	return vfio_alloc_device(sedum, vdev, dev, &sedum_dev_ops);
}
