// SPDX-License-Identifier: GPL-2.0
#include "spurge.h"

struct spurge *spurge_new(struct device *dev)
{
	struct spurge *s;

	s = vfio_alloc_device(spurge, vdev, dev, &spurge_dev_ops);
	return IS_ERR(s) ? ERR_CAST(s) : s;
}
