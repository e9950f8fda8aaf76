// RUN: %check_vfio %s vfio-lifecycle,vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2

/* Ends that stand elsewhere: a kobject's release, the end of a scope, a queue
   of another driver, a part of the structure. */

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/kref.h>
#include <linux/uaccess.h>
#include "Inputs/lives.h"

/* The last reference to an embedded kobject puts the device. */
struct weir {
	struct vfio_device vdev;
	struct kobject state;
};

static void weir_state_end(struct kobject *kobj)
{
	vfio_put_device(&container_of(kobj, struct weir, state)->vdev);
}

static const struct kobj_type weir_state_type = { .release = weir_state_end };

static const struct vfio_device_ops weir_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
};

static int weir_probe(struct mdev_device *mdev)
{
	struct weir *s;
	int ret;

	s = vfio_alloc_device(weir, vdev, &mdev->dev, &weir_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	ret = kobject_init_and_add(&s->state, &weir_state_type, NULL, "state");
	if (ret)
		goto put;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		goto put;
	return 0;

put:
	kobject_put(&s->state);
	vfio_put_device(&s->vdev);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: '&s->vdev' is put a second time, but the driver holds one reference: the count underflows on a freed structure [vfio-lifecycle]
	return ret;
}

static void weir_remove(struct mdev_device *mdev)
{
	struct weir *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	kobject_put(&s->state);
}
DRIVER(weir);

/* A share that was taken here is not the last one. */
struct sluice {
	struct vfio_device vdev;
	struct kref users;
};

static void sluice_end(struct kref *users)
{
	vfio_put_device(&container_of(users, struct sluice, users)->vdev);
}

static const struct vfio_device_ops sluice_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
};

static int sluice_probe(struct mdev_device *mdev)
{
	struct sluice *s;
	int ret;

	s = vfio_alloc_device(sluice, vdev, &mdev->dev, &sluice_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	kref_init(&s->users);
	kref_get(&s->users);
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	kref_put(&s->users, sluice_end);
	if (ret)
		kref_put(&s->users, sluice_end);
	return ret;
}

static void sluice_remove(struct mdev_device *mdev)
{
	struct sluice *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	kref_put(&s->users, sluice_end);
}
DRIVER(sluice);

/* What the end of a scope frees stays in the structure; the parts of it are
   freed by close and again by release. */
struct culvert_pipe {
	unsigned int order;
	struct page *pages;
};

struct culvert_rule {
	u32 flow;
};

struct culvert {
	struct vfio_device vdev;
	struct culvert_pipe in, out;
	struct culvert_rule *rule;
};

static int culvert_pipe_lay(struct culvert_pipe *p, unsigned int order)
{
	p->order = order;
	p->pages = alloc_pages(GFP_KERNEL, order);
	return p->pages ? 0 : -ENOMEM;
}

static void culvert_pipe_lift(struct culvert_pipe *p)
{
	if (!p->pages)
		return;
	__free_pages(p->pages, p->order);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'pages' still points to what is freed here, and 'culvert_release' uses or frees it again [vfio-given-twice]
}

static int culvert_open(struct vfio_device *vdev)
{
	struct culvert *s = container_of(vdev, struct culvert, vdev);
	int ret;

	ret = culvert_pipe_lay(&s->in, 1);
	if (ret)
		return ret;
	ret = culvert_pipe_lay(&s->out, 2);
	if (ret)
		culvert_pipe_lift(&s->in);
	return ret;
}

static void culvert_close(struct vfio_device *vdev)
{
	struct culvert *s = container_of(vdev, struct culvert, vdev);

	culvert_pipe_lift(&s->out);
	culvert_pipe_lift(&s->in);
}

static ssize_t culvert_write(struct vfio_device *vdev, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	struct culvert *s = container_of(vdev, struct culvert, vdev);
	struct culvert_rule *rule __free(kfree) = kzalloc(sizeof(*rule), GFP_KERNEL);

	if (!rule)
		return -ENOMEM;
	if (copy_from_user(&rule->flow, buf, sizeof(rule->flow)))
		return -EFAULT;
	kfree(s->rule);
	s->rule = rule;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'rule' is set to what the end of this scope frees, and 'culvert_release' uses or frees it again [vfio-given-twice]
	return count;
}

static void culvert_release(struct vfio_device *vdev)
{
	struct culvert *s = container_of(vdev, struct culvert, vdev);

	culvert_pipe_lift(&s->out);
	culvert_pipe_lift(&s->in);
	kfree(s->rule);
	END(vdev);
}

static const struct vfio_device_ops culvert_ops = {
	IOMMUFD(emulated),
	.release = culvert_release,
	.open_device = culvert_open,
	.close_device = culvert_close,
	.write = culvert_write,
};
PLAIN_DRIVER(culvert);

/* The queue of one driver of a file, and the work of the other. */
struct lock_gate {
	struct vfio_device vdev;
	struct work_struct turn;
	u32 turns;
};

struct lock_keeper {
	struct vfio_device vdev;
	struct workqueue_struct *queue;
	struct work_struct call;
	u32 calls;
};

static void lock_gate_turn(struct work_struct *work)
{
	container_of(work, struct lock_gate, turn)->turns++;
}

static void lock_keeper_call(struct work_struct *work)
{
	container_of(work, struct lock_keeper, call)->calls++;
}

static int lock_gate_init(struct vfio_device *vdev)
{
	struct lock_gate *s = container_of(vdev, struct lock_gate, vdev);

	INIT_WORK(&s->turn, lock_gate_turn);
	return 0;
}

static ssize_t lock_gate_write(struct vfio_device *vdev, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct lock_gate *s = container_of(vdev, struct lock_gate, vdev);

	schedule_work(&s->turn);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'turn' is armed here, and nothing stops it before the structure is freed: 'lock_gate_turn' can run on freed memory [vfio-runs-late]
	return count;
}

static const struct vfio_device_ops lock_gate_ops = {
	IOMMUFD(emulated),
	.init = lock_gate_init,
	.release = plain_release,
	.write = lock_gate_write,
};
PLAIN_DRIVER(lock_gate);

static int lock_keeper_init(struct vfio_device *vdev)
{
	struct lock_keeper *s = container_of(vdev, struct lock_keeper, vdev);

	INIT_WORK(&s->call, lock_keeper_call);
	s->queue = alloc_workqueue("keeper", 0, 0);
	return s->queue ? 0 : -ENOMEM;
}

static void lock_keeper_release(struct vfio_device *vdev)
{
	destroy_workqueue(container_of(vdev, struct lock_keeper, vdev)->queue);
	END(vdev);
}

static ssize_t lock_keeper_write(struct vfio_device *vdev,
				 const char __user *buf, size_t count,
				 loff_t *ppos)
{
	struct lock_keeper *s = container_of(vdev, struct lock_keeper, vdev);

	queue_work(s->queue, &s->call);
	return count;
}

static const struct vfio_device_ops lock_keeper_ops = {
	IOMMUFD(emulated),
	.init = lock_keeper_init,
	.release = lock_keeper_release,
	.write = lock_keeper_write,
};
PLAIN_DRIVER(lock_keeper);

/* One reference to what is shared, and two that give it back. */
struct mill_race {
	struct kref ref;
};

static struct mill_race *mill_shared;

struct mill {
	struct vfio_device vdev;
	struct mill_race *race;
};

static void mill_race_free(struct kref *ref)
{
	kfree(container_of(ref, struct mill_race, ref));
}

static int mill_init(struct vfio_device *vdev)
{
	struct mill *s = container_of(vdev, struct mill, vdev);

	kref_get(&mill_shared->ref);
	s->race = mill_shared;
	return 0;
}

static void mill_release(struct vfio_device *vdev)
{
	kref_put(&container_of(vdev, struct mill, vdev)->race->ref,
		 mill_race_free);
	END(vdev);
}

static const struct vfio_device_ops mill_ops = {
	IOMMUFD(emulated),
	.init = mill_init,
	.release = mill_release,
};

static int mill_probe(struct mdev_device *mdev)
{
	struct mill *s;
	int ret;

	s = vfio_alloc_device(mill, vdev, &mdev->dev, &mill_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		vfio_put_device(&s->vdev);
	return ret;
}

static void mill_remove(struct mdev_device *mdev)
{
	struct mill *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	kref_put(&s->race->ref, mill_race_free);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the reference in 'race' is given back here and by 'mill_release', which the last put calls [vfio-given-twice]
	vfio_put_device(&s->vdev);
}
DRIVER(mill);
