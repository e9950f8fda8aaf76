// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2

/* What is kept, or given back twice, by helpers, under conditions, in arrays. */

#include <linux/kthread.h>
#include "Inputs/lives.h"

static LIST_HEAD(bell_all);
static DEFINE_IDA(bell_ids);

struct bell {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head peers;
	struct eventfd_ctx *slots[4];
	struct eventfd_ctx *alarm;
	struct task_struct *ringer;
	u32 *levels;
	u32 *rope;
	int id;
	bool dirty;
};

static struct bell *bell_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct bell, vdev);
}

static int bell_init(struct vfio_device *vdev)
{
	struct bell *s = bell_of(vdev);

	mutex_init(&s->lock);
	s->id = ida_alloc(&bell_ids, GFP_KERNEL);
	if (s->id < 0)
		return s->id;
	list_add(&s->peers, &bell_all);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the place in the list taken by 'list_add' in '.init' is never given back: 'bell_release' does not, and neither does remove [vfio-probe-contract]
	return 0;
}

static void bell_forget(int id)
{
	ida_free(&bell_ids, id);
}

static void bell_release(struct vfio_device *vdev)
{
	bell_forget(bell_of(vdev)->id);
	END(vdev);
}

static int bell_ring(void *data)
{
	struct bell *s = data;

	while (!kthread_should_stop())
		s->rope[0]++;
	return 0;
}

static int bell_power(struct device *dev, bool on)
{
	if (!on) {
		pm_runtime_put(dev);
		return 0;
	}
	return pm_runtime_resume_and_get(dev);
}

static int bell_open(struct vfio_device *vdev)
{
	struct bell *s = bell_of(vdev);

	s->rope = kzalloc(64, GFP_KERNEL);
	if (!s->rope)
		return -ENOMEM;
	s->ringer = kthread_run(bell_ring, s, "bell");
	if (IS_ERR(s->ringer)) {
		kfree(s->rope);
		s->rope = NULL;
		return PTR_ERR(s->ringer);
	}
	if (bell_power(vdev->dev, true)) {
		kthread_stop(s->ringer);
		kfree(s->rope);
		s->rope = NULL;
		return -EIO;
	}
	return 0;
}

static void bell_free(struct bell *s)
{
	kfree(s->rope);
	s->rope = NULL;
}

static void bell_close(struct vfio_device *vdev)
{
	struct bell *s = bell_of(vdev);

	bell_free(s);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'rope' is freed while 'bell_ring', which uses it, can still run [vfio-runs-late]
	kthread_stop(s->ringer);
	if (s->dirty) {
		s->dirty = false;
		return;
	}
	bell_power(vdev->dev, false);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the runtime PM count taken by 'pm_runtime_resume_and_get' is not always given back: whether 'bell_close' does it depends on 'dirty', which the open device changes, and '.open_device' takes it in any case [vfio-open-contract]
}

static int bell_set(struct bell *s, unsigned int i, int fd)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(fd);
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: the reference taken by 'eventfd_ctx_fdget' is never given back: 'bell_close' does not, and neither '.release' nor remove does [vfio-open-contract]

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	s->slots[i] = ctx;
// CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'slots' may have the reference of an earlier call, which is lost here: nothing looks at it, or gives it back, before [vfio-given-twice]
	return 0;
}

static ssize_t bell_write(struct vfio_device *vdev, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct bell *s = bell_of(vdev);

	s->dirty = true;
	return bell_set(s, count & 3, *ppos) ?: count;
}

static void bell_swap(struct bell *s, u32 *fresh)
{
	u32 *old;

	mutex_lock(&s->lock);
	old = s->levels;
	s->levels = fresh;
	mutex_unlock(&s->lock);
	kfree(old);
}

static void bell_unset(struct bell *s)
{
	if (!s->alarm)
		return;
	eventfd_ctx_put(s->alarm);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'alarm' still points to what is freed here, and 'bell_ioctl' uses or frees it again [vfio-given-twice]
}

static long bell_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	struct bell *s = bell_of(vdev);
	struct eventfd_ctx *ctx;

	if (cmd == 1) {
		bell_swap(s, kzalloc(64, GFP_KERNEL));
// CHECK-MESSAGES: :[[@LINE-1]]:16: warning: the memory taken by 'kzalloc' is never given back: 'bell_close' does not, and neither '.release' nor remove does [vfio-open-contract]
		return 0;
	}
	if (cmd == 2)
		return s->levels[arg & 7];
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'levels' is used without 'lock', which is held where it is changed [vfio-locking]
	bell_unset(s);
	ctx = eventfd_ctx_fdget((int)arg);
// CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the reference taken by 'eventfd_ctx_fdget' is never given back: 'bell_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	s->alarm = ctx;
	return 0;
}

static void bell_request(struct vfio_device *vdev, unsigned int count)
{
	struct bell *s = bell_of(vdev);

	bell_swap(s, NULL);
	bell_unset(s);
}

static const struct vfio_device_ops bell_ops = {
	IOMMUFD(emulated),
	.init = bell_init,
	.release = bell_release,
	.open_device = bell_open,
	.close_device = bell_close,
	.write = bell_write,
	.ioctl = bell_ioctl,
	.request = bell_request,
};

static int bell_probe(struct mdev_device *mdev)
{
	struct bell *s;
	int ret, id;

	s = vfio_alloc_device(bell, vdev, &mdev->dev, &bell_ops);
	if (IS_ERR(s))
		return PTR_ERR(s);
	id = s->id;
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret) {
		vfio_put_device(&s->vdev);
		bell_forget(id);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the id in 'id' is given back here and by 'bell_release', which the last put calls [vfio-given-twice]
	}
	return ret;
}

static void bell_remove(struct mdev_device *mdev)
{
	struct bell *s = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&s->vdev);
	vfio_put_device(&s->vdev);
}
DRIVER(bell);
