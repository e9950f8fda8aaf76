// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2

/* The same, but for what ends them. */

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include "Inputs/lives.h"

struct leaf {
	struct kref ref;
	u32 n;
};

struct grove {
	struct vfio_device vdev;
	struct completion done;
	struct leaf *leaf;
	struct task_struct *walker;
	void *slots[4];
	struct {
		struct eventfd_ctx *bell;
		bool on;
	} irq;
	struct leaf *map;
	bool quit;
};

static struct grove *grove_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct grove, vdev);
}

static void leaf_free(struct kref *ref)
{
	kfree(container_of(ref, struct leaf, ref));
}

static int grove_walk(void *data)
{
	struct grove *s = data;

	while (!kthread_should_stop())
		s->leaf->n++;
	complete(&s->done);
	return 0;
}

static int grove_open(struct vfio_device *vdev)
{
	struct grove *s = grove_of(vdev);

	s->walker = kthread_run(grove_walk, s, "grove");
// CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the thread taken by 'kthread_run' is never given back: 'grove_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	return PTR_ERR_OR_ZERO(s->walker);
}

static long grove_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct grove *s = grove_of(vdev);
	struct eventfd_ctx *bell = NULL;
	unsigned int i = arg & 3;

	if (cmd == 1) {
		kref_get(&s->leaf->ref);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'kref_get' is never given back: 'grove_close' does not, and neither '.release' nor remove does [vfio-open-contract]
		return 0;
	}
	if (cmd == 2) {
		s->slots[i] = kzalloc(64, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'slots' may have the memory of an earlier call, which is lost here: nothing looks at it, or gives it back, before [vfio-given-twice]
		return 0;
	}
	if (arg) {
		bell = eventfd_ctx_fdget(arg);
		if (IS_ERR(bell))
			return PTR_ERR(bell);
	}
	if (s->irq.bell)
		eventfd_ctx_put(s->irq.bell);
	s->irq.bell = bell;
	s->irq.on = bell;
	return 0;
}

static void grove_close(struct vfio_device *vdev)
{
	struct grove *s = grove_of(vdev);
	int i;

	s->quit = true;
	wait_for_completion(&s->done);
	for (i = 0; i < 4; i++)
		kfree(s->slots[i]);
	memset(s->slots, 0, sizeof(s->slots));
	if (s->irq.bell)
		eventfd_ctx_put(s->irq.bell);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'bell' still points to what is freed here, and 'grove_ioctl' uses or frees it again [vfio-given-twice]
}

static int grove_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct grove *s = grove_of(vdev);

	if (s->map)
		return -EBUSY;
	s->map = kzalloc(sizeof(*s->map), GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:11: warning: the memory taken by 'kzalloc' is never given back: 'grove_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	return s->map ? 0 : -ENOMEM;
}

static const struct vfio_device_ops grove_ops = {
	.mmap = grove_mmap,
	.open_device = grove_open,
	.close_device = grove_close,
	.ioctl = grove_ioctl,
	.release = plain_release,
};
PLAIN_DRIVER(grove);
