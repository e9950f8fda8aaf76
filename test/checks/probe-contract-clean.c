// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2 -expect-clean

#include "Inputs/lives.h"

static struct workqueue_struct *tower_queue;
static LIST_HEAD(tower_all);
static DEFINE_MUTEX(tower_lock);

struct tower {
	struct vfio_device vdev;
	struct workqueue_struct *wq;
	u8 *config;
	u8 *state;
	struct list_head next;
	struct work_struct work;
	int line;
};

static void tower_work(struct work_struct *work)
{
	container_of(work, struct tower, work)->state[0]++;
}

static irqreturn_t tower_ring(int irq, void *data)
{
	return IRQ_HANDLED;
}

/* Takes by a helper, and gives back by another. */
static int tower_take(struct tower *s)
{
	int ret;

	s->state = kzalloc(256, GFP_KERNEL);
	if (!s->state)
		return -ENOMEM;
	s->wq = alloc_workqueue("tower", 0, 1);
	if (!s->wq) {
		ret = -ENOMEM;
		goto err_state;
	}
	ret = request_irq(s->line, tower_ring, 0, "tower", s);
	if (ret)
		goto err_queue;
	return 0;

err_queue:
	destroy_workqueue(s->wq);
err_state:
	kfree(s->state);
	return ret;
}

static void tower_give(struct tower *s)
{
	free_irq(s->line, s);
	destroy_workqueue(s->wq);
	kfree(s->state);
}

static int tower_init(struct vfio_device *vdev)
{
	struct tower *s = container_of(vdev, struct tower, vdev);

	INIT_WORK(&s->work, tower_work);
	s->config = kzalloc(64, GFP_KERNEL);
	return s->config ? 0 : -ENOMEM;
}

static void tower_release(struct vfio_device *vdev)
{
	kfree(container_of(vdev, struct tower, vdev)->config);
	END(vdev);
}

static ssize_t tower_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct tower *s = container_of(vdev, struct tower, vdev);

	queue_work(tower_queue, &s->work);
	return s->state[0];
}

static void tower_close(struct vfio_device *vdev)
{
	cancel_work_sync(&container_of(vdev, struct tower, vdev)->work);
}

static const struct vfio_device_ops tower_ops = {
	IOMMUFD(emulated),
	.init = tower_init,
	.release = tower_release,
	.close_device = tower_close,
	.read = tower_read,
};

static int tower_probe(struct mdev_device *mdev)
{
	struct tower *s;
	int ret;

	s = vfio_alloc_device(tower, vdev, &mdev->dev, &tower_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = tower_take(s);
	if (ret)
		goto err_put;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto err_give;
	mutex_lock(&tower_lock);
	list_add(&s->next, &tower_all);
	mutex_unlock(&tower_lock);
	return 0;

err_give:
	tower_give(s);
err_put:
	vfio_put_device(&s->vdev);
	return ret;
}

static void tower_remove(struct mdev_device *mdev)
{
	struct tower *s = dev_get_drvdata(&mdev->dev);

	mutex_lock(&tower_lock);
	list_del(&s->next);
	mutex_unlock(&tower_lock);
	vfio_unregister_group_dev(&s->vdev);
	tower_give(s);
	vfio_put_device(&s->vdev);
}
DRIVER(tower);

static int tower_start(void)
{
	int ret;

	tower_queue = alloc_workqueue("towers", 0, 1);
	if (!tower_queue)
		return -ENOMEM;
	ret = mdev_register_driver(&tower_driver);
	if (ret)
		destroy_workqueue(tower_queue);
	return ret;
}
module_init(tower_start);

static void tower_end(void)
{
	mdev_unregister_driver(&tower_driver);
	destroy_workqueue(tower_queue);
}
module_exit(tower_end);
