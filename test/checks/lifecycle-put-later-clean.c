// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2 -expect-clean

/* Remove only says that the device can go: something else puts it. */

#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct ember;

/* A structure of its own has the work, and a pointer to the device. */
struct ash {
	struct work_struct work;
	struct ember *of;
};

struct ember {
	struct vfio_device vdev;
	struct ash *ash;
};

static void ember_release(struct vfio_device *vdev)
{
#ifdef MOCK_6_1_LINUX_VFIO_H
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops ember_ops = { .release = ember_release };

static void ash_work(struct work_struct *work)
{
	struct ash *a = container_of(work, struct ash, work);

	vfio_put_device(&a->of->vdev);
	kfree(a);
}

static int ember_probe(struct mdev_device *mdev)
{
	struct ember *e = vfio_alloc_device(ember, vdev, &mdev->dev, &ember_ops);
	int ret;

	if (IS_ERR(e))
		return PTR_ERR(e);
	e->ash = kzalloc(sizeof(*e->ash), GFP_KERNEL);
	if (!e->ash) {
		vfio_put_device(&e->vdev);
		return -ENOMEM;
	}
	e->ash->of = e;
	INIT_WORK(&e->ash->work, ash_work);
	ret = vfio_register_emulated_iommu_dev(&e->vdev);
	if (ret) {
		kfree(e->ash);
		vfio_put_device(&e->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, e);
	return 0;
}

static void ember_remove(struct mdev_device *mdev)
{
	struct ember *e = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&e->vdev);
	schedule_work(&e->ash->work);
}

static struct mdev_driver ember_driver = {
	.probe = ember_probe,
	.remove = ember_remove,
};
