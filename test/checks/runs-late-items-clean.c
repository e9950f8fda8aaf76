// RUN: %check_vfio %s vfio-runs-late %t -gen=6.1,6.2 -expect-clean

/* What has a work, and is freed on its own, once that can run no more. */

#include "Inputs/lives.h"

struct oven {
	struct vfio_device vdev;
	struct tray *tray;
	struct list_head loaves, rolls;
	struct workqueue_struct *heat;
	struct crumb *crumb;
};

struct tray {
	struct work_struct turn;
	u32 turns;
};

struct loaf {
	struct list_head node;
	struct work_struct rise;
	u32 height;
};

/* The close only frees those that say that they are done. */
struct roll {
	struct list_head node;
	struct work_struct rise;
	bool done;
};

/* Its own work frees it. */
struct crumb {
	struct work_struct fall;
};

static void tray_turn(struct work_struct *work)
{
	container_of(work, struct tray, turn)->turns++;
}

static void loaf_rise(struct work_struct *work)
{
	container_of(work, struct loaf, rise)->height++;
}

static void roll_rise(struct work_struct *work)
{
	container_of(work, struct roll, rise)->done = true;
}

static void crumb_fall(struct work_struct *work)
{
	kfree(container_of(work, struct crumb, fall));
}

static int oven_open(struct vfio_device *vdev)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct tray *tray = kzalloc(sizeof(*tray), GFP_KERNEL);

	if (!tray)
		return -ENOMEM;
	o->heat = alloc_workqueue("heat", 0, 0);
	if (!o->heat) {
		kfree(tray);
		return -ENOMEM;
	}
	INIT_WORK(&tray->turn, tray_turn);
	o->tray = tray;
	queue_work(o->heat, &tray->turn);
	return 0;
}

static int roll_add(struct oven *o)
{
	struct roll *roll = kzalloc(sizeof(*roll), GFP_KERNEL);

	if (!roll)
		return -ENOMEM;
	INIT_WORK(&roll->rise, roll_rise);
	list_add(&roll->node, &o->rolls);
	schedule_work(&roll->rise);
	return 0;
}

static int crumb_drop(void)
{
	struct crumb *crumb = kzalloc(sizeof(*crumb), GFP_KERNEL);

	if (!crumb)
		return -ENOMEM;
	INIT_WORK(&crumb->fall, crumb_fall);
	schedule_work(&crumb->fall);
	return 0;
}

static long oven_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct loaf *loaf;

	if (cmd == 1)
		return roll_add(o);
	if (cmd == 2)
		return crumb_drop();
	loaf = kzalloc(sizeof(*loaf), GFP_KERNEL);
	if (!loaf)
		return -ENOMEM;
	INIT_WORK(&loaf->rise, loaf_rise);
	list_add(&loaf->node, &o->loaves);
	schedule_work(&loaf->rise);
	return 0;
}

static void oven_close(struct vfio_device *vdev)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct loaf *loaf, *next;
	struct roll *roll, *other;

	destroy_workqueue(o->heat);
	kfree(o->tray);
	o->tray = NULL;
	list_for_each_entry_safe(loaf, next, &o->loaves, node) {
		list_del(&loaf->node);
		cancel_work_sync(&loaf->rise);
		kfree(loaf);
	}
	list_for_each_entry_safe(roll, other, &o->rolls, node)
		if (roll->done) {
			list_del(&roll->node);
			kfree(roll);
		}
}

static const struct vfio_device_ops oven_ops = {
	.open_device = oven_open,
	.close_device = oven_close,
	.ioctl = oven_ioctl,
	.release = plain_release,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(oven);
