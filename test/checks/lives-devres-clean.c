// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2

/* The mended twins of lives-devres.c. */

#include <linux/device/action.h>
#include <linux/kref.h>
#include <linux/moduleparam.h>
#include "Inputs/lives.h"

struct attic {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
	struct work_struct sweep;
	u32 *shelf;
	u32 swept;
};

static void attic_sweep(struct work_struct *work)
{
	container_of(work, struct attic, sweep)->swept++;
}

static void attic_end_queue(void *queue)
{
	destroy_workqueue(queue);
}

static int attic_init(struct vfio_device *vdev)
{
	struct attic *s = container_of(vdev, struct attic, vdev);

	INIT_WORK(&s->sweep, attic_sweep);
	s->shelf = devm_kcalloc(vdev->dev, 8, sizeof(u32), GFP_KERNEL);
	return s->shelf ? 0 : -ENOMEM;
}

static ssize_t attic_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct attic *s = container_of(vdev, struct attic, vdev);

	queue_work(s->queue, &s->sweep);
	return count;
}

static void attic_close(struct vfio_device *vdev)
{
	cancel_work_sync(&container_of(vdev, struct attic, vdev)->sweep);
}

static const struct vfio_device_ops attic_ops = {
	IOMMUFD(emulated),
	.init = attic_init,
	.release = plain_release,
	.close_device = attic_close,
	.write = attic_write,
};

static int attic_probe(struct mdev_device *mdev)
{
	struct attic *s;
	int ret;

	s = vfio_alloc_device(attic, vdev, &mdev->dev, &attic_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	s->queue = alloc_workqueue("attic", 0, 0);
	if (!s->queue) {
		ret = -ENOMEM;
		goto put;
	}
	ret = devm_add_action_or_reset(&mdev->dev, attic_end_queue, s->queue);
	if (ret)
		goto put;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto put;
	return 0;

put:
	vfio_put_device(&s->vdev);
	return ret;
}

static void attic_remove(struct mdev_device *mdev)
{
	struct attic *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}
DRIVER(attic);

/* The parameter stays what it was when the module was loaded. */
static bool cellar_lit = true;
module_param(cellar_lit, bool, 0444);

struct cellar_book {
	struct kref ref;
	u32 *pages;
};

struct cellar {
	struct vfio_device vdev;
	struct workqueue_struct *lamp;
	struct cellar_book *book;
};

static void cellar_book_end(struct kref *ref)
{
	struct cellar_book *b = container_of(ref, struct cellar_book, ref);

	kfree(b->pages);
	kfree(b);
}

static int cellar_open(struct vfio_device *vdev)
{
	struct cellar *s = container_of(vdev, struct cellar, vdev);
	struct cellar_book *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return -ENOMEM;
	kref_init(&b->ref);
	b->pages = kcalloc(8, sizeof(u32), GFP_KERNEL);
	if (!b->pages) {
		kref_put(&b->ref, cellar_book_end);
		return -ENOMEM;
	}
	s->book = b;
	if (cellar_lit)
		s->lamp = alloc_workqueue("cellar", 0, 0);
	return 0;
}

static void cellar_close(struct vfio_device *vdev)
{
	struct cellar *s = container_of(vdev, struct cellar, vdev);

	if (cellar_lit)
		destroy_workqueue(s->lamp);
	kref_put(&s->book->ref, cellar_book_end);
	s->book = NULL;
}

static const struct vfio_device_ops cellar_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = cellar_open,
	.close_device = cellar_close,
};
PLAIN_DRIVER(cellar);
