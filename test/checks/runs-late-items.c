// RUN: %check_vfio %s vfio-runs-late %t -gen=6.2

/* What has a work, and is freed on its own: nothing waits for the work. */

#include "Inputs/lives.h"

struct oven {
	struct vfio_device vdev;
	struct tray *tray;
	struct list_head loaves;
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

static void tray_turn(struct work_struct *work)
{
	container_of(work, struct tray, turn)->turns++;
}

static void loaf_rise(struct work_struct *work)
{
	container_of(work, struct loaf, rise)->height++;
}

static int oven_open(struct vfio_device *vdev)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct tray *tray = kzalloc(sizeof(*tray), GFP_KERNEL);

	if (!tray)
		return -ENOMEM;
	INIT_WORK(&tray->turn, tray_turn);
	o->tray = tray;
	schedule_work(&tray->turn);
	return 0;
}

static long oven_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct loaf *loaf = kzalloc(sizeof(*loaf), GFP_KERNEL);

	if (!loaf)
		return -ENOMEM;
	INIT_WORK(&loaf->rise, loaf_rise);
	list_add(&loaf->node, &o->loaves);
	schedule_work(&loaf->rise);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'rise' is armed here, and nothing stops it before the structure is freed: 'loaf_rise' can run on freed memory [vfio-runs-late]
	return 0;
}

static void oven_close(struct vfio_device *vdev)
{
	struct oven *o = container_of(vdev, struct oven, vdev);
	struct loaf *loaf, *next;

	cancel_work(&o->tray->turn);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'turn' is cancelled here, but nothing waits for its end before the structure is freed: 'tray_turn' can run on freed memory [vfio-runs-late]
	kfree(o->tray);
	o->tray = NULL;
	list_for_each_entry_safe(loaf, next, &o->loaves, node) {
		list_del(&loaf->node);
		kfree(loaf);
	}
}

static const struct vfio_device_ops oven_ops = {
	.open_device = oven_open,
	.close_device = oven_close,
	.ioctl = oven_ioctl,
	IOMMUFD(emulated),
};
PLAIN_DRIVER(oven);
