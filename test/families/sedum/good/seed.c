// SPDX-License-Identifier: GPL-2.0
#include "sedum.h"

struct sedum *sedum_seed(struct device *dev)
{
	struct sedum *s = vfio_alloc_device(sedum, vdev, dev, &sedum_dev_ops);

	if (IS_ERR(s))
		s = NULL;
	return s;
}
