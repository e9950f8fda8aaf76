// SPDX-License-Identifier: GPL-2.0
#include "sage.h"

struct sage *sage_of(struct platform_device *pdev)
{
	struct sage_bed *bed = platform_get_drvdata(pdev);

	return bed->sage;
}

void sage_plant(struct sage *s, struct sage_bed *bed, struct platform_device *pdev)
{
	bed->sage = s;
	platform_set_drvdata(pdev, bed);
}

void sage_dig(struct sage *s)
{
	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}
