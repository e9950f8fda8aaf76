// RUN: %check_vfio %s vfio-init-contract %t -gen=6.1,6.2 -expect-clean

/* What a devm action gives back is the bus device's from then on, and is given back
 * where the action cannot be added. */

#include "Inputs/lives.h"

struct wharf {
	struct vfio_device vdev;
	struct device *power;
	int id;
};

static DEFINE_IDA(wharf_ids);
int wharf_check(int id);

static void wharf_free_id(void *data)
{
	struct wharf *w = data;

	ida_free(&wharf_ids, w->id);
}

static void wharf_put(void *data)
{
	put_device(data);
}

static int wharf_get(struct wharf *w)
{
	get_device(w->power);
	return devm_add_action_or_reset(w->vdev.dev, wharf_put, w->power);
}

static int wharf_init(struct vfio_device *vdev)
{
	struct wharf *w = container_of(vdev, struct wharf, vdev);
	int err;

	w->id = ida_alloc(&wharf_ids, GFP_KERNEL);
	if (w->id < 0)
		return w->id;
	err = devm_add_action_or_reset(vdev->dev, wharf_free_id, w);
	if (err)
		return err;
	err = wharf_get(w);
	if (err)
		return err;
	return wharf_check(w->id) ? -EIO : 0;
}

static const struct vfio_device_ops wharf_ops = {
	IOMMUFD(emulated),
	.init = wharf_init,
	.release = plain_release,
};
PLAIN_DRIVER(wharf);
