// RUN: %check_vfio %s vfio-given-twice,vfio-open-contract %t -gen=6.2 -expect-clean

#include "Inputs/lives.h"

/* A list is emptied by the driver's callbacks, one after the other: its head
 * never points to what was freed. */
struct sluice_drop {
	struct list_head node;
	u32 size;
};

struct sluice {
	struct vfio_device vdev;
	struct list_head drops;
	u32 drained;
};

static void sluice_drain(struct sluice *s)
{
	struct sluice_drop *d;

	while (!list_empty(&s->drops)) {
		d = list_first_entry(&s->drops, struct sluice_drop, node);
		list_del(&d->node);
		s->drained += d->size;
		kfree(d);
	}
}

static long sluice_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	sluice_drain(container_of(vdev, struct sluice, vdev));
	return 0;
}

static ssize_t sluice_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct sluice *s = container_of(vdev, struct sluice, vdev);
	struct sluice_drop *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOMEM;
	d->size = count;
	list_add(&d->node, &s->drops);
	return count;
}

static int sluice_init(struct vfio_device *vdev)
{
	INIT_LIST_HEAD(&container_of(vdev, struct sluice, vdev)->drops);
	return 0;
}

static void sluice_release(struct vfio_device *vdev)
{
	sluice_drain(container_of(vdev, struct sluice, vdev));
}

static const struct vfio_device_ops sluice_ops = {
	.init = sluice_init,
	.release = sluice_release,
	.ioctl = sluice_ioctl,
	.write = sluice_write,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(sluice);
