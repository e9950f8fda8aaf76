// RUN: %check_vfio %s vfio-open-contract,vfio-given-twice %t -gen=6.1,6.2 -expect-clean

/* Things that end by themselves, or with the whole that they are part of. */

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
	void *row;
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

	while (!s->quit)
		s->leaf->n++;
	complete(&s->done);
	return 0;
}

static int grove_open(struct vfio_device *vdev)
{
	struct grove *s = grove_of(vdev);

	s->walker = kthread_run(grove_walk, s, "grove");
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
		return 0;
	}
	if (cmd == 2) {
		if (s->slots[i])
			return -EBUSY;
		s->slots[i] = kzalloc(64, GFP_KERNEL);
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
	kfree(s->leaf);
	for (i = 0; i < 4; i++)
		kfree(s->slots[i]);
	memset(s->slots, 0, sizeof(s->slots));
	if (s->irq.bell)
		eventfd_ctx_put(s->irq.bell);
	memset(&s->irq, 0, sizeof(s->irq));
}

/* What a mapping has goes with the mapping. */
static void map_end(struct vm_area_struct *vma)
{
	struct leaf *leaf = vma->vm_private_data;

	kref_put(&leaf->ref, leaf_free);
}

static const struct vm_operations_struct map_ops = { .close = map_end };

static int grove_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct leaf *leaf = kzalloc(sizeof(*leaf), GFP_KERNEL);

	if (!leaf)
		return -ENOMEM;
	kref_init(&leaf->ref);
	vma->vm_private_data = leaf;
	vma->vm_ops = &map_ops;
	return 0;
}

#ifdef MOCK_6_2_LINUX_VFIO_H
static int grove_bind(struct vfio_device *vdev, struct iommufd_ctx *ctx,
		      u32 *id)
{
	struct grove *s = grove_of(vdev);

	s->row = kzalloc(64, GFP_KERNEL);
	return s->row ? 0 : -ENOMEM;
}

static void grove_unbind(struct vfio_device *vdev)
{
	struct grove *s = grove_of(vdev);

	kfree(s->row);
	s->row = NULL;
}
#endif

static const struct vfio_device_ops grove_ops = {
#ifdef MOCK_6_2_LINUX_VFIO_H
	.bind_iommufd = grove_bind,
	.unbind_iommufd = grove_unbind,
#endif
	.mmap = grove_mmap,
	.open_device = grove_open,
	.close_device = grove_close,
	.ioctl = grove_ioctl,
	.release = plain_release,
};
PLAIN_DRIVER(grove);
