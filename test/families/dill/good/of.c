// SPDX-License-Identifier: GPL-2.0
#include "dill.h"

struct dill *dill_of(struct platform_device *pdev)
{
	struct dill *d = platform_get_drvdata(pdev);

	vfio_unregister_group_dev(&d->vdev);
	return d;
}
