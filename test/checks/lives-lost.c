// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* What nobody has any more. */
struct quarry_cart {
	void *load;
	u32 stones;
};

struct quarry {
	struct vfio_device vdev;
	struct eventfd_ctx *bell;
	struct eventfd_ctx *horn;
	struct quarry_cart *cart;
	struct mutex lock;
	int line;
};

static irqreturn_t quarry_ring(int irq, void *data)
{
	((struct quarry *)data)->line++;
	return IRQ_HANDLED;
}

static void quarry_set(struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	if (*slot)
		eventfd_ctx_put(*slot);
	*slot = ctx;
}

/* The first is kept by a slot, and no close puts it. */
static long quarry_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct quarry *s = container_of(vdev, struct quarry, vdev);
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(cmd);
// CHECK-MESSAGES: :[[@LINE-1]]:28: warning: the reference taken by 'eventfd_ctx_fdget' is never given back: 'quarry_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	quarry_set(&s->bell, ctx);
	return 0;
}

/* A failing write has nothing of what it took. */
static ssize_t quarry_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct quarry *s = container_of(vdev, struct quarry, vdev);
	void *copy = kmalloc(count, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	if (count > 64)
		return -EINVAL;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kmalloc' is lost when 'quarry_write' returns here: nothing has it, and nothing gave it back [vfio-open-contract]
	kfree(s->cart->load);
	s->cart->load = copy;
	return count;
}

/* It frees what was not requested. */
static int quarry_open(struct vfio_device *vdev)
{
	struct quarry *s = container_of(vdev, struct quarry, vdev);
	int ret = -ENOMEM;

	s->cart = kzalloc(sizeof(*s->cart), GFP_KERNEL);
	if (!s->cart)
		goto fail;
	ret = request_irq(s->line, quarry_ring, 0, "quarry", s);
	if (ret)
		goto fail;
	return 0;

fail:
	free_irq(s->line, s);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the interrupt is given back here on a way on which 'quarry_open' has not taken it, and fails [vfio-open-contract]
	kfree(s->cart);
	return ret;
}

static void quarry_close(struct vfio_device *vdev)
{
	struct quarry *s = container_of(vdev, struct quarry, vdev);

	free_irq(s->line, s);
	kfree(s->cart->load);
	kfree(s->cart);
}

static const struct vfio_device_ops quarry_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = quarry_open,
	.close_device = quarry_close,
	.ioctl = quarry_ioctl,
	.write = quarry_write,
};
PLAIN_DRIVER(quarry);

/* A structure of its own is freed, and what it has is lost. */
struct silo_bin {
	void *grain;
};

struct silo {
	struct vfio_device vdev;
	struct silo_bin *bin;
	struct mutex lock;
	bool full;
};

static struct silo_bin *silo_bin_new(void)
{
	struct silo_bin *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return NULL;
	b->grain = kmalloc(64, GFP_KERNEL);
// CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the memory taken by 'kmalloc' is never given back: 'silo_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	if (!b->grain) {
		kfree(b);
		return NULL;
	}
	return b;
}

static void silo_bin_free(struct silo_bin *b)
{
	kfree(b);
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the memory taken by 'kmalloc' and kept in 'grain' is lost: 'silo_bin_free' frees the structure, and nothing gives back what it has there [vfio-open-contract]
}

static int silo_open(struct vfio_device *vdev)
{
	struct silo *s = container_of(vdev, struct silo, vdev);

	s->bin = silo_bin_new();
	return s->bin ? 0 : -ENOMEM;
}

static void silo_close(struct vfio_device *vdev)
{
	silo_bin_free(container_of(vdev, struct silo, vdev)->bin);
}

/* A helper returns with the lock where it fails. */
static int silo_fill(struct silo *s)
{
	mutex_lock(&s->lock);
	if (s->full)
		return -EBUSY;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'silo_fill' returns with the lock held [vfio-locking]
	s->full = true;
	mutex_unlock(&s->lock);
	return 0;
}

static long silo_ioctl(struct vfio_device *vdev, unsigned int cmd,
		       unsigned long arg)
{
	return silo_fill(container_of(vdev, struct silo, vdev));
}

static int silo_init(struct vfio_device *vdev)
{
	mutex_init(&container_of(vdev, struct silo, vdev)->lock);
	return 0;
}

static const struct vfio_device_ops silo_ops = {
	IOMMUFD(emulated),
	.init = silo_init,
	.release = plain_release,
	.open_device = silo_open,
	.close_device = silo_close,
	.ioctl = silo_ioctl,
};
PLAIN_DRIVER(silo);
