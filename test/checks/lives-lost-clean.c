// RUN: %check_vfio %s vfio-open-contract,vfio-probe-contract,vfio-runs-late,vfio-given-twice,vfio-locking %t -gen=6.1,6.2 -expect-clean

#include "Inputs/lives.h"

/* The same as lives-lost.c, right: slots are put by the close, flags say what
 * has been taken, a structure has nothing left when it is freed. */
#define VAULT_IRQ 1
#define VAULT_LOG 2

struct vault_box {
	void *gold;
};

struct vault {
	struct vfio_device vdev;
	struct eventfd_ctx *bell;
	struct vault_box *box;
	struct mutex lock;
	void *log;
	u32 up;
	int line;
};

static irqreturn_t vault_ring(int irq, void *data)
{
	((struct vault *)data)->line++;
	return IRQ_HANDLED;
}

static void vault_set(struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	if (*slot)
		eventfd_ctx_put(*slot);
	*slot = ctx;
}

static long vault_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct vault *s = container_of(vdev, struct vault, vdev);
	struct eventfd_ctx *ctx = eventfd_ctx_fdget(cmd);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	vault_set(&s->bell, ctx);
	return 0;
}

static void vault_down(struct vault *s)
{
	if (s->up & VAULT_IRQ)
		free_irq(s->line, s);
	if (s->up & VAULT_LOG)
		kfree(s->log);
	s->up = 0;
}

static int vault_up(struct vault *s)
{
	int ret;

	s->log = kmalloc(64, GFP_KERNEL);
	if (!s->log)
		return -ENOMEM;
	s->up |= VAULT_LOG;
	ret = request_irq(s->line, vault_ring, 0, "vault", s);
	if (ret)
		return ret;
	s->up |= VAULT_IRQ;
	return 0;
}

static void vault_box_free(struct vault_box *b)
{
	kfree(b->gold);
	kfree(b);
}

static int vault_open(struct vfio_device *vdev)
{
	struct vault *s = container_of(vdev, struct vault, vdev);
	int ret;

	s->box = kzalloc(sizeof(*s->box), GFP_KERNEL);
	if (!s->box)
		return -ENOMEM;
	s->box->gold = kmalloc(64, GFP_KERNEL);
	if (!s->box->gold) {
		kfree(s->box);
		return -ENOMEM;
	}
	ret = vault_up(s);
	if (ret) {
		vault_down(s);
		vault_box_free(s->box);
	}
	return ret;
}

static void vault_close(struct vfio_device *vdev)
{
	struct vault *s = container_of(vdev, struct vault, vdev);

	vault_down(s);
	vault_set(&s->bell, NULL);
	vault_box_free(s->box);
}

static int vault_lock(struct vault *s)
{
	mutex_lock(&s->lock);
	if (s->up)
		return 0;
	mutex_unlock(&s->lock);
	return -EBUSY;
}

static ssize_t vault_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct vault *s = container_of(vdev, struct vault, vdev);
	int ret = vault_lock(s);

	if (ret)
		return ret;
	s->up |= 4;
	mutex_unlock(&s->lock);
	return count;
}

static int vault_init(struct vfio_device *vdev)
{
	mutex_init(&container_of(vdev, struct vault, vdev)->lock);
	return 0;
}

static const struct vfio_device_ops vault_ops = {
	IOMMUFD(emulated),
	.init = vault_init,
	.release = plain_release,
	.open_device = vault_open,
	.close_device = vault_close,
	.ioctl = vault_ioctl,
	.write = vault_write,
};
PLAIN_DRIVER(vault);
