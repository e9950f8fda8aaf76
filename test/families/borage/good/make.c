// SPDX-License-Identifier: GPL-2.0
#include "borage.h"

int borage_make(struct device *dev, struct borage **out)
{
	struct borage *b = vfio_alloc_device(borage, vdev, dev, &borage_dev_ops);
	int ret;

	if (IS_ERR(b))
		return PTR_ERR(b);
	ret = vfio_register_emulated_iommu_dev(&b->vdev);
	if (ret)
		vfio_put_device(&b->vdev);
	else
		*out = b;
	return ret;
}
