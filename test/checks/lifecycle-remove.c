// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2

/* What probe leaves registered, remove must end. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	struct mutex lock;
	bool busy;
};

extern const struct vfio_device_ops lamp_ops;

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

static void no_put(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is unregistered but never ended by 'vfio_put_device', so the structure is leaked [vfio-lifecycle]
}
static struct mdev_driver no_put_driver = {
	.probe = lamp_probe,
	.remove = no_put,
};

static void no_unregister(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put while it is registered
}
static struct mdev_driver no_unregister_driver = {
	.probe = lamp_probe,
	.remove = no_unregister,
};

static void wrong_order(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put while it is registered
	vfio_unregister_group_dev(&l->vdev);
}
static struct mdev_driver wrong_order_driver = {
	.probe = lamp_probe,
	.remove = wrong_order,
};

static void nothing(struct mdev_device *mdev)
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: this function ends the driver's hold of the device, but never unregisters the 'struct lamp'
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	l->busy = false;
}
static struct mdev_driver nothing_driver = {
	.probe = lamp_probe,
	.remove = nothing,
};

static void use_late(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	mutex_lock(&l->lock);
	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
	l->busy = false;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'l->busy' is used after its last reference was put
}
static struct mdev_driver use_late_driver = {
	.probe = lamp_probe,
	.remove = use_late,
};

static void leave_early(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is unregistered but never ended
	if (l->busy)
		return;
	vfio_put_device(&l->vdev);
}
static struct mdev_driver leave_early_driver = {
	.probe = lamp_probe,
	.remove = leave_early,
};

static void twice(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_unregister_group_dev(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is unregistered, but on this path it is not registered
	vfio_put_device(&l->vdev);
}
static struct mdev_driver twice_driver = {
	.probe = lamp_probe,
	.remove = twice,
};
