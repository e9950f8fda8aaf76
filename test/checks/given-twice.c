// RUN: %check_vfio %s vfio-given-twice %t -gen=6.1,6.2

#include "Inputs/lives.h"

static DEFINE_IDA(ticket_ids);

struct ticket {
	struct vfio_device vdev;
	int id;
	int row;
	u8 *stub;
	u8 *ink;
};

static struct ticket *ticket_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct ticket, vdev);
}

static int ticket_init(struct vfio_device *vdev)
{
	struct ticket *s = ticket_of(vdev);

	s->id = ida_alloc(&ticket_ids, GFP_KERNEL);
	return s->id < 0 ? s->id : 0;
}

static void ticket_release(struct vfio_device *vdev)
{
	struct ticket *s = ticket_of(vdev);

	ida_free(&ticket_ids, s->id);
	kfree(s->stub);
	kfree(s->ink);
	END(vdev);
}

/* A failed open, an ioctl and remove leave pointers to what they freed. */
static int ticket_open(struct vfio_device *vdev)
{
	struct ticket *s = ticket_of(vdev);

	if (!s->ink)
		s->ink = kzalloc(64, GFP_KERNEL);
	if (!s->row) {
		kfree(s->ink);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'ink' still points to what is freed here, and 'ticket_release' uses or frees it again [vfio-given-twice]
		return -ENOMEM;
	}
	return 0;
}

static long ticket_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct ticket *s = ticket_of(vdev);

	if (cmd) {
		kfree(s->ink);
		s->ink = NULL;
		return 0;
	}
	kfree(s->stub);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'stub' still points to what is freed here, and 'ticket_release' uses or frees it again [vfio-given-twice]
	return 0;
}

static const struct vfio_device_ops ticket_ops = {
	IOMMUFD(emulated),
	.init = ticket_init,
	.release = ticket_release,
	.open_device = ticket_open,
	.ioctl = ticket_ioctl,
};

static int ticket_probe(struct mdev_device *mdev)
{
	struct ticket *s;
	int ret, id;

	s = vfio_alloc_device(ticket, vdev, &mdev->dev, &ticket_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	id = s->id;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		ida_free(&ticket_ids, id);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id in 'id' is given back here and by 'ticket_release', which the last put calls [vfio-given-twice]
		return ret;
	}
	return 0;
}

static void ticket_remove(struct mdev_device *mdev)
{
	struct ticket *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	kfree(s->ink);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory in 'ink' is given back here and by 'ticket_release', which the last put calls [vfio-given-twice]
	kfree(s->stub);
	s->stub = NULL;
	vfio_put_device(&s->vdev);
}
DRIVER(ticket);
