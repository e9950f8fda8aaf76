// SPDX-License-Identifier: GPL-2.0
#include "campion.h"

int test_run(struct campion *c)
{
	int ret = vfio_register_emulated_iommu_dev(&c->vdev);

	if (ret)
		dev_err(c->vdev.dev, "%u: %d\n", c->id, ret);
	return ret;
}
