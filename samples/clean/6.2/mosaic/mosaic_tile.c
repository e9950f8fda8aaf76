// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a mosaic, from the first tile to the last.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include "mosaic.h"

static DEFINE_IDA(mosaic_ids);

static void mosaic_break(struct mosaic *mo)
{
	int i;

	for (i = 0; i < MOSAIC_TILES; i++)
		kfree(mo->tile[i]);
}

static int mosaic_lay(struct mosaic *mo)
{
	int i;

	for (i = 0; i < MOSAIC_TILES; i++) {
		mo->tile[i] = kzalloc(PAGE_SIZE, GFP_KERNEL);
		if (!mo->tile[i])
			return -ENOMEM;
	}
	return 0;
}

int mosaic_init_dev(struct vfio_device *vdev)
{
	struct mosaic *mo = container_of(vdev, struct mosaic, vdev);
	int ret;

	mutex_init(&mo->lock);
	INIT_LIST_HEAD(&mo->next);

	ret = ida_alloc(&mosaic_ids, GFP_KERNEL);
	if (ret < 0)
		return ret;
	mo->id = ret;

	ret = mosaic_lay(mo);
	if (ret)
		goto err_break;
	return 0;

err_break:
	mosaic_break(mo);
	ida_free(&mosaic_ids, mo->id);
	return ret;
}

void mosaic_release_dev(struct vfio_device *vdev)
{
	struct mosaic *mo = container_of(vdev, struct mosaic, vdev);

	mosaic_break(mo);
	ida_free(&mosaic_ids, mo->id);
}

/* A mosaic or an ERR_PTR; mosaic_free() is its opposite. */
struct mosaic *mosaic_create(struct device *dev,
			     const struct vfio_device_ops *ops)
{
	struct mosaic *mo;

	mo = vfio_alloc_device(mosaic, vdev, dev, ops);
	if (IS_ERR(mo))
		return mo;

	dev_dbg(dev, "mosaic %d\n", mo->id);
	return mo;
}

void mosaic_free(struct mosaic *mo)
{
	if (mo)
		vfio_put_device(&mo->vdev);
}
