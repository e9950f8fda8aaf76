// RUN: %check_vfio %s vfio-deprecated-lifecycle %t -gen=5.15

/* Where there is only the old model, nothing is deprecated. */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
};

static const struct vfio_device_ops lamp_ops = { .name = "lamp" };

int lamp_make(struct device *dev, struct lamp **out)
{
	struct lamp *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return -ENOMEM;
	vfio_init_group_dev(&l->vdev, dev, &lamp_ops);
	*out = l;
	return 0;
}
