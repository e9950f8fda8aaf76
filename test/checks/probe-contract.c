// RUN: %check_vfio %s vfio-probe-contract %t -gen=6.1,6.2

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

static irqreturn_t tower_ring(int irq, void *data)
{
	return IRQ_HANDLED;
}

static ssize_t tower_read(struct vfio_device *vdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct tower *s = container_of(vdev, struct tower, vdev);

	queue_work(tower_queue, &s->work);
	return s->state[0];
}

static const struct vfio_device_ops tower_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.read = tower_read,
};

static int tower_probe(struct mdev_device *mdev)
{
	struct tower *s;
	int ret;

	s = vfio_alloc_device(tower, vdev, &mdev->dev, &tower_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	s->config = kzalloc(256, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the memory taken by 'kzalloc' is never given back: 'tower_remove' does not, and neither does '.release' [vfio-probe-contract]
	if (!s->config) {
		ret = -ENOMEM;
		goto err_put;
	}
	s->state = kzalloc(256, GFP_KERNEL);
	if (!s->state) {
		ret = -ENOMEM;
		goto err_config;
	}
	s->wq = alloc_workqueue("tower", 0, 1);
	if (!s->wq) {
		ret = -ENOMEM;
		goto err_state;
	}
	ret = request_irq(s->line, tower_ring, 0, "tower", s);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the interrupt taken by 'request_irq' is never given back: 'tower_remove' does not, and neither does '.release' [vfio-probe-contract]
	if (ret)
		goto err_state;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto err_irq;
	mutex_lock(&tower_lock);
	list_add(&s->next, &tower_all);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the place in the list taken by 'list_add' is never given back: 'tower_remove' does not, and neither does '.release' [vfio-probe-contract]
	mutex_unlock(&tower_lock);
	return 0;

err_irq:
	free_irq(s->line, s);
err_state:
	kfree(s->state);
err_config:
	kfree(s->config);
err_put:
	vfio_put_device(&s->vdev);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the work queue taken by 'alloc_workqueue' is not given back when probe fails here, and remove is not called then [vfio-probe-contract]
}

static void tower_remove(struct mdev_device *mdev)
{
	struct tower *s = dev_get_drvdata(&mdev->dev);

	kfree(s->state);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'state' is given back while the device is registered, but 'tower_read', which user space can still call, uses it [vfio-probe-contract]
	vfio_unregister_group_dev(&s->vdev);
	destroy_workqueue(s->wq);
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
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the work queue taken by 'alloc_workqueue' is not given back when the module's start fails here, and its exit is not called then [vfio-probe-contract]
	return 0;
}
module_init(tower_start);

static void tower_end(void)
{
	destroy_workqueue(tower_queue);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'tower_queue' is given back while the driver is registered, and its devices use it [vfio-probe-contract]
	mdev_unregister_driver(&tower_driver);
}
module_exit(tower_end);
