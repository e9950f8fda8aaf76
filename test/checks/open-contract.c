// RUN: %check_vfio %s vfio-open-contract %t -gen=6.1,6.2

#include "Inputs/lives.h"

/* .open_device that fails. */
struct turret {
	struct vfio_device vdev;
	struct device *power;
	void *map;
	bool busy;
};

static struct turret *turret_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct turret, vdev);
}

static int turret_open(struct vfio_device *vdev)
{
	struct turret *s = turret_of(vdev);
	int ret;

	kvm_get_kvm(vdev->kvm);
	if (s->busy)
		return -EEXIST;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the reference taken by 'kvm_get_kvm' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	ret = pm_runtime_get_sync(s->power);
	if (ret < 0) {
		kvm_put_kvm(vdev->kvm);
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the runtime PM count taken by 'pm_runtime_get_sync' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	s->map = kzalloc(64, GFP_KERNEL);
	if (!s->map) {
		ret = -ENOMEM;
		goto err_power;
	}
	s->busy = true;
	return 0;

err_power:
	pm_runtime_put_noidle(s->power);
	kvm_put_kvm(vdev->kvm);
	return ret;
}

static void turret_close(struct vfio_device *vdev)
{
	struct turret *s = turret_of(vdev);

	kfree(s->map);
	pm_runtime_put(s->power);
	kvm_put_kvm(vdev->kvm);
}

static const struct vfio_device_ops turret_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = turret_open,
	.close_device = turret_close,
};
PLAIN_DRIVER(turret);

/* Right: what a failed open keeps, .release gives back, once for all opens. */
struct mask {
	struct vfio_device vdev;
	u8 *perm;
	u8 *copy;
};

static int mask_open(struct vfio_device *vdev)
{
	struct mask *s = container_of(vdev, struct mask, vdev);

	if (!s->perm) {
		s->perm = kzalloc(64, GFP_KERNEL);
		if (!s->perm)
			return -ENOMEM;
	}
	s->copy = kmemdup(s->perm, 64, GFP_KERNEL);
	return s->copy ? 0 : -ENOMEM;
}

static void mask_close(struct vfio_device *vdev)
{
	kfree(container_of(vdev, struct mask, vdev)->copy);
}

static void mask_release(struct vfio_device *vdev)
{
	kfree(container_of(vdev, struct mask, vdev)->perm);
	END(vdev);
}

static const struct vfio_device_ops mask_ops = {
	IOMMUFD(emulated),
	.release = mask_release,
	.open_device = mask_open,
	.close_device = mask_close,
};
PLAIN_DRIVER(mask);

/* .close_device that keeps. */
struct pager {
	struct vfio_device vdev;
	struct eventfd_ctx *bell;
	struct eventfd_ctx *gong;
	struct page *page;
	int line;
	int side;
	u32 rings;
};

static struct pager *pager_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct pager, vdev);
}

static irqreturn_t pager_ring(int irq, void *data)
{
	((struct pager *)data)->rings++;
	return IRQ_HANDLED;
}

static int pager_open(struct vfio_device *vdev)
{
	struct pager *s = pager_of(vdev);
	int ret = request_irq(s->line, pager_ring, 0, "pager", s);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the interrupt taken by 'request_irq' is never given back: 'pager_close' does not, and neither '.release' nor remove does [vfio-open-contract]

	if (ret)
		return ret;
	ret = request_irq(s->side, pager_ring, 0, "side", s);
	return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:2: warning: the interrupt taken by 'request_irq' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
}

static long pager_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	struct pager *s = pager_of(vdev);
	struct eventfd_ctx *ctx = eventfd_ctx_fdget((int)arg);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (s->gong)
		eventfd_ctx_put(s->gong);
	s->gong = ctx;
	return 0;
}

static ssize_t pager_write(struct vfio_device *vdev, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct pager *s = pager_of(vdev);

	s->bell = eventfd_ctx_fdget(count);
// CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the reference taken by 'eventfd_ctx_fdget' is never given back: 'pager_close' does not, and neither '.release' nor remove does [vfio-open-contract]
	if (IS_ERR(s->bell)) {
		s->bell = NULL;
		return -EBADF;
	}
	return count;
}

static void pager_close(struct vfio_device *vdev)
{
	struct pager *s = pager_of(vdev);

	free_irq(s->side, s);
	if (s->gong)
		eventfd_ctx_put(s->gong);
	s->gong = NULL;
}

static const struct vfio_device_ops pager_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = pager_open,
	.close_device = pager_close,
	.ioctl = pager_ioctl,
	.write = pager_write,
};
PLAIN_DRIVER(pager);

/* A flag a bit of one member; and what was looked into is no NULL. */
#define VANE_IRQ 1
#define VANE_LOG 2
struct vane_mast {
	struct list_head entry;
	struct module *owner;
};
struct vane {
	struct vfio_device vdev;
	struct list_head masts;
	struct vane_mast *mast;
	unsigned long up;
	void *log;
	int line;
};

static struct vane *vane_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct vane, vdev);
}

static irqreturn_t vane_turn(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int vane_up(struct vane *s)
{
	int ret;

	s->log = kmalloc(128, GFP_KERNEL);
	if (!s->log)
		return -ENOMEM;
	s->up |= VANE_LOG;
	ret = request_irq(s->line, vane_turn, 0, "vane", s);
	if (ret)
		return ret;
	s->up |= VANE_IRQ;
	return 0;
}

static void vane_down(struct vane *s)
{
	if (s->up & VANE_IRQ)
		free_irq(s->line, s);
	if (s->up & VANE_LOG)
		kfree(s->log);
	s->up = 0;
}

static struct vane_mast *vane_find(struct vane *s)
{
	struct vane_mast *m;

	list_for_each_entry(m, &s->masts, entry) {
		if (!try_module_get(m->owner))
			m = NULL;
		return m;
	}
	return NULL;
}

static int vane_open(struct vfio_device *vdev)
{
	struct vane *s = vane_of(vdev);
	int ret;

	s->mast = vane_find(s);
	if (!s->mast)
		return -ENODEV;
	ret = vane_up(s);
	if (ret) {
		vane_down(s);
		module_put(s->mast->owner);
	}
	return ret;
}

static void vane_close(struct vfio_device *vdev)
{
	struct vane *s = vane_of(vdev);

	vane_down(s);
	module_put(s->mast->owner);
}

static const struct vfio_device_ops vane_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = vane_open,
	.close_device = vane_close,
};
PLAIN_DRIVER(vane);

static void vane_down_by_half(struct vane *s)
{
	if (s->up & VANE_IRQ)
		kfree(s->log);
	s->up = 0;
}

static int weather_open(struct vfio_device *vdev)
{
	struct vane *s = vane_of(vdev);
	int ret;

	s->up = 0;
	ret = vane_up(s);
	if (ret) {
		vane_down_by_half(s);
		return ret;
// CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the memory taken by 'kmalloc' is not given back when '.open_device' fails here, and core does not call '.close_device' then [vfio-open-contract]
	}
	return 0;
}

static void weather_close(struct vfio_device *vdev)
{
	vane_down(vane_of(vdev));
}

static const struct vfio_device_ops weather_ops = {
	IOMMUFD(emulated),
	.release = plain_release,
	.open_device = weather_open,
	.close_device = weather_close,
};
static int weather_probe(struct mdev_device *mdev)
{
	struct vane *s = vfio_alloc_device(vane, vdev, &mdev->dev, &weather_ops);
	int ret;

	if (IS_ERR(s))
		return PTR_ERR(s);
	dev_set_drvdata(&mdev->dev, s);
	ret = vfio_register_emulated_iommu_dev(&s->vdev);
	if (ret)
		vfio_put_device(&s->vdev);
	return ret;
}
static struct mdev_driver weather_driver = {
	.probe = weather_probe,
	.remove = vane_remove,
};
