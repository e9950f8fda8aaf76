// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2 -expect-clean

/* Remove leaves the last put to whoever comes last: the driver counts its own
 * users, or marks that it has begun to end; or the device waits in a list. */

#include <linux/llist.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct llist_node node;
	struct mutex lock;
	int users;
	bool gone;
};

extern const struct vfio_device_ops lamp_ops;
static LLIST_HEAD(lamp_attic);

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_emulated_iommu_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}

static void count_down(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);
	bool last;

	vfio_unregister_group_dev(&l->vdev);
	mutex_lock(&l->lock);
	last = --l->users == 0;
	mutex_unlock(&l->lock);
	if (last)
		vfio_put_device(&l->vdev);
}
static struct mdev_driver count_down_driver = {
	.probe = lamp_probe,
	.remove = count_down,
};

static void end_once(struct lamp *l)
{
	if (l->gone)
		return;
	l->gone = true;
	vfio_put_device(&l->vdev);
}

static void once(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	end_once(l);
}
static struct mdev_driver once_driver = {
	.probe = lamp_probe,
	.remove = once,
};

static void store_away(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	llist_add(&l->node, &lamp_attic);
}
static struct mdev_driver store_away_driver = {
	.probe = lamp_probe,
	.remove = store_away,
};
