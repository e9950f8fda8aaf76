// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2

/* A devm action that puts the device leaves the rest of its life to others. */

#include <linux/module.h>
#include <linux/device.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int watts;
};

extern const struct vfio_device_ops lamp_ops;
void lamp_dim(struct lamp *l);

static void lamp_put(void *data)
{
	struct lamp *l = data;

	vfio_put_device(&l->vdev);
}

static void lamp_end(void *data)
{
	struct lamp *l = data;

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
}

static struct lamp *lamp_make(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return l;
	ret = devm_add_action_or_reset(&mdev->dev, lamp_put, l);
	return ret ? ERR_PTR(ret) : l;
}

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *l = lamp_make(mdev);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, l);
	return 0;
}

/* Only the action of probe puts: that is all right. */
static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
}

static void never_unregisters(struct mdev_device *mdev)
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: this function ends the driver's hold of the device, but never unregisters the 'struct lamp'
{
	dev_info(&mdev->dev, "good night\n");
}

static void puts_as_well(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put a second time, but the driver holds one reference: the count underflows on a freed structure [vfio-lifecycle]
}

/* Takes the put upon itself. */
static void takes_the_action_back(struct mdev_device *mdev)
{
	struct lamp *l = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&l->vdev);
	devm_remove_action(&mdev->dev, lamp_put, l);
	vfio_put_device(&l->vdev);
}

static int puts_when_register_fails(struct mdev_device *mdev)
{
	struct lamp *l = lamp_make(mdev);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret)
		vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: '&l->vdev' is put a second time
	return ret;
}

/* An action that does it all. */
static int ended_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(&mdev->dev, l);
	return devm_add_action_or_reset(&mdev->dev, lamp_end, l);
}

static void ended_remove(struct mdev_device *mdev)
{
}

/* One whose other half is not shown. */
static void lamp_dim_and_put(void *data)
{
	struct lamp *l = data;

	lamp_dim(l);
	vfio_put_device(&l->vdev);
}

static int dimmed_probe(struct mdev_device *mdev)
{
	struct lamp *l = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	int ret;

	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = devm_add_action_or_reset(&mdev->dev, lamp_dim_and_put, l);
	if (ret)
		return ret;
	dev_set_drvdata(&mdev->dev, l);
	return vfio_register_group_dev(&l->vdev);
}

static void dimmed_remove(struct mdev_device *mdev)
{
}

/* A table of drivers, and one in a structure of the driver's own. */
static struct mdev_driver lamp_drivers[] = {
	{ .probe = lamp_probe, .remove = lamp_remove },
	{ .probe = lamp_probe, .remove = never_unregisters },
	{ .probe = lamp_probe, .remove = puts_as_well },
	{ .probe = lamp_probe, .remove = takes_the_action_back },
	{ .probe = ended_probe, .remove = ended_remove },
	{ .probe = dimmed_probe, .remove = dimmed_remove },
	{ .probe = puts_when_register_fails, .remove = lamp_remove },
};

static struct {
	const char *shade;
	struct mdev_driver driver;
} lamp_shades[] = {
	{ "green", { .probe = lamp_probe, .remove = lamp_remove } },
	{ "red", { .probe = ended_probe, .remove = ended_remove } },
};

int lamp_register_drivers(void)
{
	return mdev_register_driver(&lamp_drivers[0]) ? :
	       mdev_register_driver(&lamp_shades[0].driver);
}
