// RUN: %check_vfio %s vfio-lifecycle %t -gen=6.1,6.2

/* What core calls while the device is registered must leave it alone, and a
   driver that registers must be able to end what it has begun. */

#include <linux/module.h>
#include <linux/mdev.h>
#include <linux/platform_device.h>
#include <linux/vfio.h>

struct lamp {
	struct vfio_device vdev;
	int users;
};

static struct lamp *to_lamp(struct vfio_device *vdev)
{
	return container_of(vdev, struct lamp, vdev);
}

static void lamp_drop(struct lamp *l)
{
	vfio_put_device(&l->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&l->vdev' is put while it is registered: it can be freed under user space that has it open; unregister it first [vfio-lifecycle]
}

static int lamp_open(struct vfio_device *vdev)
{
	struct lamp *l = to_lamp(vdev);

	if (l->users++) {
		lamp_drop(l);
		return -EBUSY;
	}
	return 0;
}

/* Of another file: whatever it does, it cannot unregister the device. */
void lamp_hardware_release(struct lamp *l);

static void lamp_close(struct vfio_device *vdev)
{
	lamp_hardware_release(to_lamp(vdev));
	vfio_put_device(vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'vdev' is put while it is registered
// CHECK-MESSAGES: :[[@LINE-5]]:13: note: core calls this only while the device is registered
}

static const struct vfio_device_ops lamp_ops = {
	.open_device = lamp_open,
	.close_device = lamp_close,
};

/* These only use it. */

static int calm_open(struct vfio_device *vdev)
{
	to_lamp(vdev)->users++;
	return 0;
}

static void calm_close(struct vfio_device *vdev)
{
	to_lamp(vdev)->users--;
}

static const struct vfio_device_ops calm_ops = {
	.open_device = calm_open,
	.close_device = calm_close,
};

static int lamp_register(struct device *dev)
{
	struct lamp *l;
	int ret;

	l = vfio_alloc_device(lamp, vdev, dev, &calm_ops);
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = vfio_register_group_dev(&l->vdev);
	if (ret) {
		vfio_put_device(&l->vdev);
		return ret;
	}
	dev_set_drvdata(dev, l);
	return 0;
}

/* A bus driver without a remove function. */

static int stuck_probe(struct mdev_device *mdev)
{
	return lamp_register(&mdev->dev);
}
static struct mdev_driver stuck_driver = {
// CHECK-MESSAGES: :[[@LINE-1]]:27: warning: probe registers the 'struct lamp', but this driver has no '.remove' to unregister and put it: user space can go on using what is gone [vfio-lifecycle]
	.probe = stuck_probe,
};

/* No unbinding, no need for one. */

static int bolted_probe(struct platform_device *pdev)
{
	return lamp_register(&pdev->dev);
}
static struct platform_driver bolted_driver = {
	.probe = bolted_probe,
	.driver = { .name = "bolted", .suppress_bind_attrs = true },
};

/* It registers nothing. */

static int idle_probe(struct mdev_device *mdev)
{
	return 0;
}
static struct mdev_driver idle_driver = { .probe = idle_probe };

static void *drivers[] __attribute__((used)) = {
	&stuck_driver, &bolted_driver, &idle_driver, (void *)&lamp_ops,
};
