// RUN: %check_vfio %s vfio-mismatched-free,vfio-given-twice,vfio-open-contract,vfio-probe-contract %t -gen=6.1,6.2

/* What another allocator's function frees, and what a failed call leaves. */

#include <linux/xarray.h>
#include "Inputs/lives.h"

struct larder {
	struct vfio_device vdev;
	struct eventfd_ctx *bell, *gong, *chime;
	struct xarray jars;
	void *flour, *sugar, *salt;
	bool sweet;
};

static struct larder *larder_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct larder, vdev);
}

static int larder_open(struct vfio_device *vdev)
{
	struct larder *s = larder_of(vdev);

	s->flour = vmalloc(4096);
	if (!s->flour)
		return -ENOMEM;
	s->sugar = kvzalloc(4096, GFP_KERNEL);
	if (!s->sugar)
		goto no_sugar;
	s->salt = s->sweet ? vmalloc(64) : kzalloc(64, GFP_KERNEL);
	if (!s->salt)
		goto no_salt;
	return 0;
no_salt:
	kvfree(s->sugar);
no_sugar:
	kfree(s->flour);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: memory allocated by 'vmalloc' is freed by 'kfree', which is for another allocator; use 'vfree' [vfio-mismatched-free]
// CHECK-FIXES: vfree(s->flour);
	return -ENOMEM;
}

static void larder_close(struct vfio_device *vdev)
{
	struct larder *s = larder_of(vdev);

	/* One of two allocators: nothing tells which. */
	kvfree(s->salt);
	kfree(s->sugar);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: 'sugar' was allocated by 'kvzalloc' and is freed by 'kfree', which is for another allocator; use 'kvfree' [vfio-mismatched-free]
// CHECK-FIXES: kvfree(s->sugar);
	/* kvfree() frees what vmalloc() gives. */
	kvfree(s->flour);
	if (s->bell)
		eventfd_ctx_put(s->bell);
	s->bell = NULL;
	if (!IS_ERR_OR_NULL(s->gong))
		eventfd_ctx_put(s->gong);
	s->gong = NULL;
	if (s->chime)
		eventfd_ctx_put(s->chime);
	s->chime = NULL;
}

/* Three ways to fail: with the error left, with it left for who asks, cleared. */
static long larder_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct larder *s = larder_of(vdev);
	long ret;

	if (cmd == 1) {
		if (s->bell)
			return -EBUSY;
		s->bell = eventfd_ctx_fdget(arg);
		if (IS_ERR(s->bell))
			return PTR_ERR(s->bell);
// CHECK-MESSAGES: :[[@LINE-1]]:4: warning: 'bell' still has the error of 'eventfd_ctx_fdget' when this returns, and 'larder_close' gives it back as if it were none [vfio-given-twice]
		return 0;
	}
	if (cmd == 2) {
		if (!IS_ERR_OR_NULL(s->gong))
			return -EBUSY;
		s->gong = eventfd_ctx_fdget(arg);
		return PTR_ERR_OR_ZERO(s->gong);
	}
	if (s->chime)
		return -EBUSY;
	s->chime = eventfd_ctx_fdget(arg);
	if (IS_ERR(s->chime)) {
		ret = PTR_ERR(s->chime);
		s->chime = NULL;
		return ret;
	}
	return 0;
}

/* What xa_store() could not keep is still the caller's. */
static ssize_t larder_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct larder *s = larder_of(vdev);
	void *jar = kzalloc(64, GFP_KERNEL), *old;

	if (!jar)
		return -ENOMEM;
	old = xa_store(&s->jars, *ppos, jar, GFP_KERNEL);
	if (xa_is_err(old))
		return xa_err(old);
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kzalloc' is lost when 'larder_write' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	kfree(old);
	return count;
}

static ssize_t larder_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct larder *s = larder_of(vdev);
	void *jar = kzalloc(64, GFP_KERNEL);
	int ret;

	if (!jar)
		return -ENOMEM;
	ret = xa_err(xa_store(&s->jars, *ppos, jar, GFP_KERNEL));
	if (ret) {
		kfree(jar);
		return ret;
	}
	jar = kzalloc(64, GFP_KERNEL);
	if (jar)
		xa_store(&s->jars, *ppos + 1, jar, GFP_KERNEL);
	return count;
}

static void larder_release(struct vfio_device *vdev)
{
	struct larder *s = larder_of(vdev);
	unsigned long at;
	void *jar;

	xa_for_each(&s->jars, at, jar)
		kfree(jar);
	xa_destroy(&s->jars);
	END(vdev);
}

static int larder_init(struct vfio_device *vdev)
{
	xa_init(&larder_of(vdev)->jars);
	return 0;
}

static const struct vfio_device_ops larder_ops = {
	IOMMUFD(emulated),
	.init = larder_init,
	.release = larder_release,
	.open_device = larder_open,
	.close_device = larder_close,
	.ioctl = larder_ioctl,
	.read = larder_read,
	.write = larder_write,
};

PLAIN_DRIVER(larder);
