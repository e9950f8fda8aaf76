// RUN: %check_vfio %s vfio-runs-late %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* A cancel that does not wait. */
struct tower {
	struct vfio_device vdev;
	struct delayed_work poll;
	u32 temp;
};

static void tower_poll(struct work_struct *work)
{
	struct tower *s = container_of(work, struct tower, poll.work);

	s->temp++;
	schedule_delayed_work(&s->poll, 100);
}

static int tower_open(struct vfio_device *vdev)
{
	struct tower *s = container_of(vdev, struct tower, vdev);

	INIT_DELAYED_WORK(&s->poll, tower_poll);
	schedule_delayed_work(&s->poll, 100);
	return 0;
}

static void tower_close(struct vfio_device *vdev)
{
	cancel_delayed_work(&container_of(vdev, struct tower, vdev)->poll);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'poll' is cancelled here, but nothing waits for its end before the structure is freed: 'tower_poll' can run on freed memory [vfio-runs-late]
}

static const struct vfio_device_ops tower_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = tower_open,
	.close_device = tower_close,
};
PLAIN_DRIVER(tower);

/* Armed by an interrupt's handler; cancelled before what arms it again. */
struct bell {
	struct vfio_device vdev;
	struct timer_list dog;
	struct work_struct bark;
	struct work_struct howl;
	u32 barks;
	int line;
};

static void bell_bark(struct work_struct *work)
{
	container_of(work, struct bell, bark)->barks++;
}

static void bell_howl(struct work_struct *work)
{
	container_of(work, struct bell, howl)->barks++;
}

static void bell_dog(struct timer_list *t)
{
	schedule_work(&container_of(t, struct bell, dog)->bark);
}

static irqreturn_t bell_ring(int irq, void *data)
{
	schedule_work(&((struct bell *)data)->howl);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'howl' is armed here, and nothing stops it before the structure is freed: 'bell_howl' can run on freed memory [vfio-runs-late]
	return IRQ_HANDLED;
}

static int bell_open(struct vfio_device *vdev)
{
	struct bell *s = container_of(vdev, struct bell, vdev);

	INIT_WORK(&s->bark, bell_bark);
	INIT_WORK(&s->howl, bell_howl);
	timer_setup(&s->dog, bell_dog, 0);
	mod_timer(&s->dog, 100);
	return request_irq(s->line, bell_ring, 0, "bell", s);
}

static void bell_close(struct vfio_device *vdev)
{
	struct bell *s = container_of(vdev, struct bell, vdev);

	free_irq(s->line, s);
	cancel_work_sync(&s->bark);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'bark' is stopped here, but 'bell_dog', which arms it again, is stopped only after it [vfio-runs-late]
	del_timer_sync(&s->dog);
}

static const struct vfio_device_ops bell_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = bell_open,
	.close_device = bell_close,
};
PLAIN_DRIVER(bell);

/* The right order, and all are waited for. */
struct gong {
	struct vfio_device vdev;
	struct timer_list dog;
	struct work_struct bark;
	struct delayed_work late;
	u32 barks;
};

static void gong_bark(struct work_struct *work)
{
	container_of(work, struct gong, bark)->barks++;
}

static void gong_late(struct work_struct *work)
{
	container_of(work, struct gong, late.work)->barks++;
}

static void gong_dog(struct timer_list *t)
{
	schedule_work(&container_of(t, struct gong, dog)->bark);
}

static int gong_open(struct vfio_device *vdev)
{
	struct gong *s = container_of(vdev, struct gong, vdev);

	INIT_WORK(&s->bark, gong_bark);
	INIT_DELAYED_WORK(&s->late, gong_late);
	timer_setup(&s->dog, gong_dog, 0);
	mod_timer(&s->dog, 100);
	schedule_delayed_work(&s->late, 100);
	return 0;
}

static void gong_close(struct vfio_device *vdev)
{
	struct gong *s = container_of(vdev, struct gong, vdev);

	cancel_delayed_work(&s->late);
	cancel_delayed_work_sync(&s->late);
	del_timer(&s->dog);
	del_timer_sync(&s->dog);
	cancel_work_sync(&s->bark);
}

static const struct vfio_device_ops gong_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = gong_open,
	.close_device = gong_close,
};
PLAIN_DRIVER(gong);

/* devres frees the interrupt when the structure is gone. */
struct lamp {
	struct vfio_device vdev;
	u32 flashes;
};

static irqreturn_t lamp_flash(int irq, void *data)
{
	((struct lamp *)data)->flashes++;
	return IRQ_HANDLED;
}

static const struct vfio_device_ops lamp_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
};

static int lamp_probe(struct mdev_device *mdev)
{
	struct lamp *s;
	int ret;

	s = vfio_alloc_device(lamp, vdev, &mdev->dev, &lamp_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	dev_set_drvdata(&mdev->dev, s);
	ret = devm_request_irq(&mdev->dev, 7, lamp_flash, 0, "lamp", s);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this interrupt is freed with the bus device, after remove has put the structure that 'lamp_flash' uses [vfio-runs-late]
	if (!ret)
		ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		vfio_put_device(&s->vdev);
	return ret;
}

static void lamp_remove(struct mdev_device *mdev)
{
	struct lamp *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}
DRIVER(lamp);
