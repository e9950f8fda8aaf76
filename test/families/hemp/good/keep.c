// SPDX-License-Identifier: GPL-2.0
#include "hemp.h"

struct hemp *hemp_of(struct platform_device *pdev)
{
	return dev_get_drvdata(pdev->dev.parent->parent);
}

void hemp_keep(struct platform_device *pdev, struct hemp *h)
{
	dev_set_drvdata(pdev->dev.parent->parent, h);
}

void hemp_ret(struct hemp *h)
{
	vfio_unregister_group_dev(&h->vdev);
	vfio_put_device(&h->vdev);
}
